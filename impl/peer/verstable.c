/* verstable: Jackson Allan's Verstable, a template by include.
 *
 * source: verstable.h
 * Licence: MIT. Bytes: MALLOC_FN and FREE_FN, with sizes, exact.
 * own hash: vt_hash_integer
 *
 * Open addressing with chains by displacement in 16 bits a slot. Load limit 0.9, powers of
 * two. Deletion moves the chain's last entry into the hole: nothing is left behind. It
 * never shrinks by itself; its own call is shrink. clear keeps the arrays.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

static inline uint64_t common_hash(uint64_t key)
{
    return ht_hash(key, peer_seed);
}

static inline void *hook_malloc(size_t bytes, struct peer **owner)
{
    return peer_alloc(*owner, bytes);
}

static inline void hook_free(void *block, size_t bytes, struct peer **owner)
{
    peer_free(*owner, block, bytes);
}

#define NAME words
#define KEY_TY uint64_t
#define VAL_TY uint64_t
#define CTX_TY struct peer *
#define MALLOC_FN hook_malloc
#define FREE_FN hook_free
#if PEER_OWN
#define HASH_FN vt_hash_integer
#else
#define HASH_FN common_hash
#endif
#define CMPR_FN vt_cmpr_integer
#include <verstable.h>

struct ht {
    struct peer peer;
    words map;
};

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (t)
        words_init(&t->map, &t->peer);
    return t;
}

static void destroy(struct ht *t)
{
    words_cleanup(&t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put_in(words *map, uint64_t key, uint64_t value)
{
    size_t live = words_size(map);
    if (words_is_end(words_insert(map, key, value)))
        return HT_NOMEM;
    return words_size(map) == live ? HT_REPLACED : HT_NEW;
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    return put_in(&t->map, key, value);
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    words_itr at = words_get(&t->map, key);
    if (words_is_end(at))
        return false;
    *value = at.data->val;
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    return words_erase(&t->map, key);
}

static void clear(struct ht *t)
{
    words_clear(&t->map);
}

static bool compact(struct ht *t)
{
    return words_shrink(&t->map);
}

static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > PEER_RESERVE_MOST)
        return ht_refuse(t->peer.mem) != NULL;
    return words_reserve(&t->map, entries);
}

static bool replace(struct ht *t, words *fresh)
{
    words_cleanup(&t->map);
    t->map = *fresh;
    return true;
}

static bool copy(struct ht *t)
{
    words fresh;
    return words_init_clone(&fresh, &t->map, &t->peer) && replace(t, &fresh);
}

static bool rebuild_copy(struct ht *t)
{
    words fresh;
    words_init(&fresh, &t->peer);
    for (words_itr at = words_first(&t->map); !words_is_end(at); at = words_next(at)) {
        if (put_in(&fresh, at.data->key, at.data->val) == HT_NOMEM) {
            words_cleanup(&fresh);
            return false;
        }
    }
    return replace(t, &fresh);
}

/* Erasing moves entries: the map says where to go on, and one may be met twice. */
static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    for (words_itr at = words_first(&t->map); !words_is_end(at); at = words_next(at))
        sum += ht_entry_sum(at.data->key, at.data->val);
    return sum;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    words_itr at = words_first(&t->map);
    while (!words_is_end(at))
        at = ht_retain_deletes(at.data->key, modulus) ? words_erase_itr(&t->map, at)
                                                      : words_next(at);
    return scan(t);
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    for (words_itr at = words_first(&t->map); !words_is_end(at); at = words_next(at))
        visit(arg, at.data->key, at.data->val);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    size_t slots = words_bucket_count(&t->map);
    peer_stats(&t->peer, s, words_size(&t->map), slots, slots - slots / 10);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, words_size(&t->map), 16 + 2);
}

PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(verstable, "Verstable: chains by displacement, compact is shrink; " PEER_VERSION,
          HT_MOVES);
