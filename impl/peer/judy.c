/* judy: JudyL, a radix tree of compressed nodes from word to word, 1.0.5.
 *
 * header: Judy.h
 * library: Judy
 * package: libjudy-dev
 * Licence: LGPL 2.1. Bytes: JudyMalloc and JudyFree, which a program may define, with
 * sizes, exact.
 *
 * No hash, no load limit: keys are kept in their own order, so that random keys cost
 * it more than keys that share their upper bytes. Deletion shrinks the node, with a
 * hysteresis of one entry, and frees it when it is empty; memory follows the live
 * entries at once. It has no call that compacts, copies or reserves.
 * Cannot be equalised: it hashes nothing. A value is stored as one more than it is,
 * since a new entry's is 0 and nothing else tells it from an old one.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

#include <Judy.h>

struct ht {
    struct peer peer;
    Pvoid_t map;
    size_t live; /* JudyLCount walks the tree */
};

/* Whose blocks the next ones are: the hooks are told nothing but sizes. */
static __thread struct peer *owner;

Word_t JudyMalloc(Word_t words)
{
    size_t bytes = words * sizeof(Word_t);
    return (Word_t)(owner ? peer_alloc(owner, bytes) : malloc(bytes));
}

void JudyFree(Pvoid_t block, Word_t words)
{
    if (owner)
        peer_free(owner, block, words * sizeof(Word_t));
    else
        free(block);
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    return PEER_CREATE(mem, config);
}

static void clear(struct ht *t)
{
    owner = &t->peer;
    (void)JudyLFreeArray(&t->map, PJE0);
    owner = NULL;
    t->live = 0;
}

static void destroy(struct ht *t)
{
    clear(t);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    owner = &t->peer;
    PPvoid_t at = JudyLIns(&t->map, key, PJE0);
    owner = NULL;
    if (at == PPJERR)
        return HT_NOMEM;
    bool is_new = *(Word_t *)at == 0;
    *(Word_t *)at = value + 1;
    t->live += is_new;
    return is_new ? HT_NEW : HT_REPLACED;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    PPvoid_t at = JudyLGet(t->map, key, PJE0);
    if (!at)
        return false;
    *value = *(Word_t *)at - 1;
    return true;
}

/* Out of memory it cannot shrink a node, and erases nothing. */
HT_INLINE bool del(struct ht *t, uint64_t key)
{
    owner = &t->peer;
    int erased = JudyLDel(&t->map, key, PJE0);
    owner = NULL;
    CHECK(erased != JERR);
    t->live -= erased == 1;
    return erased == 1;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    Word_t key = 0;
    for (PPvoid_t at = JudyLFirst(t->map, &key, PJE0); at; at = JudyLNext(t->map, &key, PJE0))
        visit(arg, key, *(Word_t *)at - 1);
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    Word_t key = 0;
    for (PPvoid_t at = JudyLFirst(t->map, &key, PJE0); at; at = JudyLNext(t->map, &key, PJE0))
        sum += ht_entry_sum(key, *(Word_t *)at - 1);
    return sum;
}

/* By key: erasing does not disturb the walk. */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    uint64_t sum = 0;
    Word_t key = 0;
    for (PPvoid_t at = JudyLFirst(t->map, &key, PJE0); at; at = JudyLNext(t->map, &key, PJE0)) {
        if (ht_retain_deletes(key, modulus))
            (void)del(t, key);
        else
            sum += ht_entry_sum(key, *(Word_t *)at - 1);
    }
    return sum;
}

static bool rebuild_copy(struct ht *t)
{
    struct ht fresh = {.peer = t->peer};
    Word_t key = 0;
    for (PPvoid_t at = JudyLFirst(t->map, &key, PJE0); at; at = JudyLNext(t->map, &key, PJE0))
        CHECK(put(&fresh, key, *(Word_t *)at - 1) == HT_NEW);
    t->peer = fresh.peer;
    clear(t);
    fresh.peer = t->peer;
    *t = fresh;
    return true;
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, t->live, 0, 0);
}

static const char *check(const struct ht *t)
{
    if (JudyLCount(t->map, 0, ~(Word_t)0, PJE0) != t->live)
        return "JudyLCount disagrees with the number of entries";
    return peer_check(&t->peer, t->live, 8);
}

PEER_NO_COMPACT
PEER_NO_COPY
PEER_NO_RESERVE
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(judy, "JudyL: a compressed radix tree, memory follows every erase",
          HT_MOVES | HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_COPY | HT_NO_RESERVE);
