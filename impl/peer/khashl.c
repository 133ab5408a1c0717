/* khashl: klib's second generation of macros, without tombstones.
 *
 * source: khashl.h
 * Licence: MIT. Bytes: Kmalloc and the like, told the owner but not how long a freed
 * block is; lengths by malloc_usable_size, exact (peer_memory.h).
 * own hash: kh_hash_uint64
 *
 * An array of entries and one bit a slot, linear probing. Load limit 3/4, powers of two.
 * Deletion shifts what follows back. It never shrinks by itself; its own call is resize,
 * in place. clear keeps the arrays. It has no copy.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_khashl.h"

KHASHL_BEGIN
KHASHL_MAP_INIT(KH_LOCAL, words, words, uint64_t, uint64_t, HASH, kh_eq_generic)
KHASHL_END

struct ht {
    struct peer peer;
    words map; /* zeros and its owner: an empty one */
};

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (t)
        t->map.km = t;
    return t;
}

/* As words_destroy, which frees the map's struct too. */
static void release(words *map)
{
    peer_hook_free(map->km, map->keys);
    peer_hook_free(map->km, map->used);
}

static void destroy(struct ht *t)
{
    release(&t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put_in(words *map, uint64_t key, uint64_t value)
{
    int is_new;
    khint_t at = words_put(map, key, &is_new);
    kh_val(map, at) = value;
    return is_new ? HT_NEW : HT_REPLACED;
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    return put_in(&t->map, key, value);
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    khint_t at = words_get(&t->map, key);
    if (at == kh_end(&t->map))
        return false;
    *value = kh_val(&t->map, at);
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    khint_t at = words_get(&t->map, key);
    if (at == kh_end(&t->map))
        return false;
    (void)words_del(&t->map, at);
    return true;
}

static void clear(struct ht *t)
{
    words_clear(&t->map);
}

/* The fewest buckets that hold so many entries. */
static void resize(struct ht *t, uint64_t entries)
{
    words_resize(&t->map, (khint_t)(entries + entries / 3 + 1));
}

static bool compact(struct ht *t)
{
    resize(t, kh_size(&t->map));
    return true;
}

static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > UINT32_MAX / 2)
        return ht_refuse(t->peer.mem) != NULL;
    if (entries > kh_max_count(kh_capacity(&t->map)))
        resize(t, entries);
    return true;
}

static bool rebuild_copy(struct ht *t)
{
    words fresh = {.km = t};
    khint_t at;
    kh_foreach(&t->map, at)(void) put_in(&fresh, kh_key(&t->map, at), kh_val(&t->map, at));
    release(&t->map);
    t->map = fresh;
    return true;
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    khint_t at;
    for (at = 0; at < kh_end(&t->map); at++)
        if (kh_exist(&t->map, at))
            sum += ht_entry_sum(kh_key(&t->map, at), kh_val(&t->map, at));
    return sum;
}

/* Backwards from a free slot, once around: what an erase shifts back was met already. */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    khint_t slots = kh_capacity(&t->map), start = 0;
    while (start < slots && kh_exist(&t->map, start))
        start++;
    for (khint_t i = 1; i < slots; i++) {
        khint_t at = (start - i) & (slots - 1);
        while (kh_exist(&t->map, at) && ht_retain_deletes(kh_key(&t->map, at), modulus))
            (void)words_del(&t->map, at);
    }
    return scan(t);
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    khint_t at;
    for (at = 0; at < kh_end(&t->map); at++)
        if (kh_exist(&t->map, at))
            visit(arg, kh_key(&t->map, at), kh_val(&t->map, at));
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    size_t slots = kh_capacity(&t->map);
    peer_stats(&t->peer, s, kh_size(&t->map), slots, slots - slots / 4);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, kh_size(&t->map), 16);
}

PEER_NO_COPY
PEER_NO_POP
PEER_NO_HOLD

/* Starved, its resize writes to memory it did not get (corpus/README.md). */
PEER_IMPL(khashl, "klib's khashl: backward shift, compact is resize; " PEER_VERSION,
          HT_MOVES | HT_NEEDS_MEMORY | HT_NO_COPY);
