/* A table of another language's runtime, whose shim (impl/peer/NAME.rs, NAME.go) is
 * written in that language and holds the loop over a slice, so that no call a step
 * crosses the border.
 *
 * The shim exports the functions below under its prefix. `run` stops before the first
 * `use` or `drop`, which are the harness's; it adds to *sum as define.h says, and stores
 * the step's number before each step that may change anything. The numbers of the kinds
 * and the fixed functions of hash.h are written again in the shim; the assertions and
 * foreign_check below hold them together.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_FOREIGN_H
#define EBB_PEER_FOREIGN_H

#include "peer.h"

_Static_assert(HT_GET == 0 && HT_PUT == 1 && HT_DEL == 2 && HT_CLEAR == 3 && HT_COMPACT == 4 &&
                   HT_COPY == 5 && HT_REBUILD_COPY == 6 && HT_POP == 7 && HT_RETAIN == 8 &&
                   HT_RESERVE == 9 && HT_TICK == 10 && HT_SCAN == 13 && HT_USE == 14,
               "the shims count so");
_Static_assert(sizeof(struct ht_op) == 16 && offsetof(struct ht_op, kind) == 8,
               "as the shims see it");

/* What a shim exports. */
struct foreign {
    void *(*create)(struct peer *, uint64_t seed, int own_hash);
    void (*destroy)(void *);
    uint64_t (*run)(void *, const struct ht_op *, uint64_t n, uint64_t first, uint64_t *step,
                    uint64_t *sum);
    void (*each)(const void *, ht_visit *, void *arg);
    uint64_t (*live)(const void *);
    uint64_t (*slots)(const void *);
    uint64_t (*check)(uint64_t key, uint64_t seed); /* ht_hash + ht_mix + ht_entry_sum */
};

struct ht {
    struct peer peer;
    void *map;
};

/* A peer's file defines it: the shim's functions, made ready when first asked for. */
static const struct foreign *foreign(void);

static inline void foreign_check(const struct foreign *f)
{
    for (uint64_t key = 1, seed = 0; key; key <<= 7, seed++)
        CHECK(f->check(key, seed) == ht_hash(key, seed) + ht_mix(key) + ht_entry_sum(key, seed));
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    foreign_check(foreign());
    if (t)
        t->map = foreign()->create(&t->peer, config->seed, PEER_OWN);
    return t;
}

static void destroy(struct ht *t)
{
    foreign()->destroy(t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

/* Any one step, by the shim's own loop. */
static uint64_t one(struct ht *t, enum ht_kind kind, uint64_t key, uint64_t step)
{
    struct ht_op op = {key, kind};
    uint64_t sum = 0, ignored;
    CHECK(foreign()->run(t->map, &op, 1, step, &ignored, &sum) == 1);
    return sum;
}

/* The loop stores the step's number as the value: so `step` is the value. */
static enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    return one(t, HT_PUT, key, value) == 1 ? HT_NEW : HT_REPLACED;
}

static bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    uint64_t found = one((struct ht *)(uintptr_t)t, HT_GET, key, 0);
    *value = found / 2;
    return found != 0;
}

static bool del(struct ht *t, uint64_t key)
{
    return one(t, HT_DEL, key, 0) != 0;
}

static void clear(struct ht *t)
{
    (void)one(t, HT_CLEAR, 0, 0);
}

static bool compact(struct ht *t)
{
    (void)one(t, HT_COMPACT, 0, 0);
    return true;
}

static bool copy(struct ht *t)
{
    (void)one(t, HT_COPY, 0, 0);
    return true;
}

static bool rebuild_copy(struct ht *t)
{
    (void)one(t, HT_REBUILD_COPY, 0, 0);
    return true;
}

static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > PEER_RESERVE_MOST)
        return ht_refuse(t->peer.mem) != NULL;
    (void)one(t, HT_RESERVE, entries, 0);
    return true;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    return one(t, HT_RETAIN, modulus, 0);
}

PEER_NO_POP
PEER_NO_HOLD

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    foreign()->each(t->map, visit, arg);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, foreign()->live(t->map), foreign()->slots(t->map),
               foreign()->slots(t->map));
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, foreign()->live(t->map), 16);
}

static uint64_t run(struct ht_set *set, const struct ht_op *ops, size_t n, uint64_t first)
{
    uint64_t sum = 0;
    struct ht *t = ht_set_enter(set, ops, n);
    for (size_t i = 0; i < n; i++) {
        if (ops[i].kind < HT_USE)
            i += foreign()->run(t->map, ops + i, n - i, first + i, &set->mem->step, &sum);
        if (i == n)
            break;
        set->mem->step = first + i;
        t = ht_set_move(set, ops + i, n - i);
        sum = ht_fold(sum, 0);
    }
    return sum;
}

#define FOREIGN_IMPL(n, words, bits)                                                               \
    HT_CALLS                                                                                       \
    HT_DESCRIPTOR(PEER_SYMBOL(n), PEER_TELLS(n, words, bits))

#endif
