/* khashl_ensemble: klib's khashl as an ensemble of 64 tables, each of which grows by itself.
 *
 * source: khashl.h
 * Licence: MIT. Bytes: Kmalloc and the like, told the owner but not how long a freed
 * block is; lengths by malloc_usable_size, exact (peer_memory.h).
 * own hash: kh_hash_uint64
 *
 * The hash's lowest bits choose one of 64 tables (peer/khashl); the rest as there. So a
 * resize moves a 64th of the entries. Deletion shifts what follows back. There is no call
 * that shrinks, none that makes room ahead, and no copy; clear keeps the arrays. The
 * tables' heads, 32 bytes each, are there from the start.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_khashl.h"

KHASHL_BEGIN
KHASHE_MAP_INIT(KH_LOCAL, ensemble, ensemble, uint64_t, uint64_t, HASH, kh_eq_generic)
KHASHL_END

enum { BITS = 6, TABLES = 1 << BITS };

struct ht {
    struct peer peer;
    ensemble *map;
};

/* The ensemble's own init leaves its tables without an owner. */
static ensemble *make(struct ht *t)
{
    ensemble *map = ensemble_em_init2(t, BITS);
    for (size_t i = 0; i < TABLES; i++)
        map->sub[i].km = t;
    return map;
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (t)
        t->map = make(t);
    return t;
}

static void destroy(struct ht *t)
{
    ensemble_destroy(t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put_in(ensemble *map, uint64_t key, uint64_t value)
{
    int is_new;
    kh_ensitr_t at = ensemble_put(map, key, &is_new);
    kh_ens_val(map, at) = value;
    return is_new ? HT_NEW : HT_REPLACED;
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    return put_in(t->map, key, value);
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    kh_ensitr_t at = ensemble_get(t->map, key);
    if (kh_ens_is_end(at))
        return false;
    *value = kh_ens_val(t->map, at);
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    kh_ensitr_t at = ensemble_get(t->map, key);
    if (kh_ens_is_end(at))
        return false;
    (void)ensemble_del(t->map, at);
    return true;
}

static void clear(struct ht *t)
{
    ensemble_clear(t->map);
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    kh_ensitr_t at;
    kh_ens_foreach(t->map, at) visit(arg, kh_ens_key(t->map, at), kh_ens_val(t->map, at));
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    kh_ensitr_t at;
    kh_ens_foreach(t->map, at) sum += ht_entry_sum(kh_ens_key(t->map, at), kh_ens_val(t->map, at));
    return sum;
}

static bool rebuild_copy(struct ht *t)
{
    ensemble *fresh = make(t);
    kh_ensitr_t at;
    kh_ens_foreach(t->map, at)(void) put_in(fresh, kh_ens_key(t->map, at), kh_ens_val(t->map, at));
    ensemble_destroy(t->map);
    t->map = fresh;
    return true;
}

/* Backwards from a free slot, once around: what an erase shifts back was met already. */
static void retain_in(struct ht *t, kh_ensitr_t at, uint64_t modulus)
{
    khint_t slots = kh_capacity(&t->map->sub[at.sub]), start = 0;
    for (at.pos = 0; at.pos < slots && kh_ens_exist(t->map, at); at.pos++)
        start++;
    for (khint_t i = 1; i < slots; i++) {
        at.pos = (start - i) & (slots - 1);
        while (kh_ens_exist(t->map, at) && ht_retain_deletes(kh_ens_key(t->map, at), modulus))
            (void)ensemble_del(t->map, at);
    }
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    kh_ensitr_t at;
    for (at.sub = 0; at.sub < TABLES; at.sub++)
        retain_in(t, at, modulus);
    return scan(t);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    size_t slots = 0;
    for (size_t i = 0; i < TABLES; i++)
        slots += kh_capacity(&t->map->sub[i]);
    peer_stats(&t->peer, s, kh_ens_size(t->map), slots, slots - slots / 4);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, kh_ens_size(t->map), 16);
}

PEER_NO_COMPACT
PEER_NO_COPY
PEER_NO_RESERVE
PEER_NO_POP
PEER_NO_HOLD

/* Starved, its resize writes to memory it did not get (corpus/README.md). */
PEER_IMPL(khashl_ensemble,
          "klib's khashl, 64 tables in one: backward shift, never shrinks; " PEER_VERSION,
          HT_MOVES | HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_COPY | HT_NO_RESERVE);
