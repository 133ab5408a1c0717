/* khash: klib's macros for an open-addressing table, as htslib 1.16 ships them.
 *
 * header: htslib/khash.h
 * package: libhts-dev
 * Licence: MIT. Bytes: its four allocation macros, none of which says how long a freed
 * block is; lengths by malloc_usable_size, exact (peer_memory.h).
 * own hash: kh_int64_hash_func, the key's halves folded
 *
 * Arrays of keys, values and 2-bit flags; quadratic probing. Load limit 0.77, powers of
 * two. Deletion sets a flag. A table without free slots is rebuilt at its size if at
 * most half of its slots are live, else doubled, both in place; it never shrinks by
 * itself. Its own call is kh_resize. clear keeps the arrays. It has no copy.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

/* The map lies behind the head of the handle, so that a resize finds its table. */
#define OWNER ((struct peer *)(void *)((char *)h - sizeof(struct peer)))
#define kmalloc(bytes) peer_hook_malloc(OWNER, bytes)
#define krealloc(block, bytes) peer_hook_realloc(OWNER, block, bytes)
#define kfree(block) peer_hook_free(OWNER, block)
#include <htslib/khash.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion" /* of the macro's flags */
#if PEER_OWN
#define HASH kh_int64_hash_func
#else
#define HASH(key) (khint_t) ht_hash(key, peer_seed)
#endif
KHASH_INIT(words, uint64_t, uint64_t, 1, HASH, kh_int64_hash_equal)
#pragma GCC diagnostic pop

struct ht {
    struct peer peer;
    kh_words_t map; /* all zeros: an empty one */
};

_Static_assert(offsetof(struct ht, map) == sizeof(struct peer), "OWNER");

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    return PEER_CREATE(mem, config);
}

/* As kh_destroy, which frees the map's struct too. */
static void release(struct ht *t)
{
    peer_hook_free(&t->peer, t->map.keys);
    peer_hook_free(&t->peer, t->map.flags);
    peer_hook_free(&t->peer, t->map.vals);
}

static void destroy(struct ht *t)
{
    release(t);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    int found;
    khint_t at = kh_put(words, &t->map, key, &found);
    if (found < 0)
        return HT_NOMEM;
    kh_val(&t->map, at) = value;
    return found ? HT_NEW : HT_REPLACED;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    khint_t at = kh_get(words, &t->map, key);
    if (at == kh_end(&t->map))
        return false;
    *value = kh_val(&t->map, at);
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    khint_t at = kh_get(words, &t->map, key);
    if (at == kh_end(&t->map))
        return false;
    kh_del(words, &t->map, at);
    return true;
}

static void clear(struct ht *t)
{
    kh_clear(words, &t->map);
}

/* The fewest buckets that hold so many entries: kh_resize does nothing for a number
 * that is too small. */
static bool resize(struct ht *t, uint64_t entries)
{
    double buckets = (double)entries / __ac_HASH_UPPER + 1;
    if (buckets > (double)(UINT32_MAX / 2))
        return ht_refuse(t->peer.mem) != NULL;
    return kh_resize(words, &t->map, (khint_t)buckets) == 0;
}

static bool compact(struct ht *t)
{
    return resize(t, kh_size(&t->map));
}

static bool reserve(struct ht *t, uint64_t entries)
{
    return entries <= t->map.upper_bound || resize(t, entries);
}

static bool rebuild_copy(struct ht *t)
{
    struct ht fresh = {.peer = t->peer};
    for (khint_t at = 0; at < kh_end(&t->map); at++)
        if (kh_exist(&t->map, at))
            CHECK(put(&fresh, kh_key(&t->map, at), kh_val(&t->map, at)) == HT_NEW);
    t->peer = fresh.peer;
    release(t);
    fresh.peer = t->peer;
    *t = fresh;
    return true;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    uint64_t sum = 0;
    for (khint_t at = 0; at < kh_end(&t->map); at++) {
        if (!kh_exist(&t->map, at))
            continue;
        if (ht_retain_deletes(kh_key(&t->map, at), modulus))
            kh_del(words, &t->map, at);
        else
            sum += ht_entry_sum(kh_key(&t->map, at), kh_val(&t->map, at));
    }
    return sum;
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    for (khint_t at = 0; at < kh_end(&t->map); at++)
        if (kh_exist(&t->map, at))
            sum += ht_entry_sum(kh_key(&t->map, at), kh_val(&t->map, at));
    return sum;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    for (khint_t at = 0; at < kh_end(&t->map); at++)
        if (kh_exist(&t->map, at))
            visit(arg, kh_key(&t->map, at), kh_val(&t->map, at));
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, kh_size(&t->map), t->map.n_buckets, t->map.upper_bound);
    s->dead = t->map.n_occupied - t->map.size;
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, kh_size(&t->map), 16);
}

PEER_NO_COPY
PEER_NO_POP
PEER_NO_HOLD

/* Starved, a shrinking kh_resize loses its keys (corpus/README.md). */
PEER_IMPL(khash, "klib's khash: flags, rebuilt in place, compact is kh_resize",
          HT_DEAD_SLOTS | HT_NEEDS_MEMORY | HT_NO_COPY);
