/* New storage for all entries, complete before the old is given back; see follow.h.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_REBUILD_H
#define EBB_REBUILD_H

#include "follow.h"

/* Inlined, so that whoever gives a visitor by name makes no indirect call. */
HT_INLINE void each_in_buckets(const struct ht *t, ht_visit *visit, void *arg)
{
    const struct store *s = &t->core.store;
    for (size_t b = 0; b < buckets_of(s); b++) {
        const struct entry *entries = entries_of(s, b);
        for (unsigned live = bucket_live(tags_of(s, b)); live; live &= live - 1) {
            const struct entry *entry = &entries[first_slot(live)];
            visit(arg, entry->key, entry->value);
        }
    }
}

static void add_node(struct ht *t, struct node *n)
{
    tree_add(&t->core.tree, n);
    tree_free_spare(&t->core.tree, t->mem);
}

struct refill {
    struct ht *fresh;
    bool failed;
};

HT_INLINE void refill_one(void *arg, uint64_t key, uint64_t value)
{
    struct refill *r = arg;
    struct core *c = &r->fresh->core;
    struct entry entry = {key, value};
    uint64_t seed = r->fresh->config.seed, hash = ht_hash(key, seed);
    if (r->failed)
        return;
    if (!store_insert(&c->store, home_of(&c->store, hash), entry) &&
        !store_make_room(&c->store, hash, entry, seed)) {
        struct node *n = tree_node(r->fresh->mem, entry);
        if (n)
            add_node(r->fresh, n);
        r->failed = !n;
    }
    c->live += !r->failed;
}

static void refill_nodes(struct refill *r, const struct node *n)
{
    for (; n; n = n->child[1]) {
        refill_nodes(r, n->child[0]);
        refill_one(r, n->entry.key, n->entry.value);
    }
}

/* All entries into so many new buckets (0: there are none); from now on `reserved` is the floor.
 * False: no memory, and nothing has changed. */
static bool rebuild_for(struct ht *t, size_t buckets, size_t reserved)
{
    struct ht fresh = *t;
    struct refill refill = {.fresh = &fresh};
    core_init(&fresh.core, &t->config);
    refill.failed = buckets && !core_open(&fresh.core, t->mem, buckets);
    if (!refill.failed) {
        each_in_buckets(t, refill_one, &refill);
        refill_nodes(&refill, t->core.tree.root);
    }
    if (refill.failed) {
        moves_add(&t->moves, t->mem, fresh.core.live);
        core_free(&fresh.core, t->mem);
        return false;
    }
    core_free(&t->core, t->mem);
    t->core = fresh.core;
    set_limits(&t->core, reserved);
    moves_add(&t->moves, t->mem, t->core.live);
    t->rebuilds++;
    t->reserved = reserved;
    t->debt = false;
    return true;
}

/* For how many entries there should be buckets anew. What hangs in the tree, since hashes are alike,
 * would leave its buckets empty beside its nodes: more bytes than are promised. */
static inline size_t in_buckets(const struct ht *t)
{
    return smaller(t->core.live, t->core.store.live + 1);
}

#endif
