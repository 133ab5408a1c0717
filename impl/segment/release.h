/* Buckets that go back, a segment a step or all that are due; see follow.h.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_RELEASE_H
#define EBB_RELEASE_H

#include "rebuild.h"

/* Nodes for entries without a place; NULL if there is no memory for all. */
static struct node *nodes_for(struct ht_mem *mem, const struct homeless *none)
{
    struct node *list = NULL;
    for (unsigned i = 0; i < none->count; i++) {
        struct node *n = tree_node(mem, none->entry[i]);
        if (!n) {
            tree_free_list(mem, list);
            return NULL;
        }
        n->child[0] = list;
        list = n;
    }
    return list;
}

/* One bucket less, its entries without a place into nodes; or, with `crowded`, that there are such is
 * told and nothing done. False: told or refused, and nothing has changed. */
static bool merge_last(struct ht *t, bool *crowded)
{
    struct homeless none;
    size_t moved = store_merge(&t->core.store, t->config.seed, &none);
    if (none.count) {
        struct node *nodes = crowded ? NULL : nodes_for(t->mem, &none);
        if (crowded)
            *crowded = true;
        if (!nodes) {
            store_merge_undo(&t->core.store, t->config.seed, &none);
            return false;
        }
        tree_add_list(&t->core.tree, nodes);
    }
    moves_add(&t->moves, t->mem, moved);
    return true;
}

static inline bool merge_is_due(const struct core *c)
{
    return c->store.live < c->shrink_below && c->store.count > 1;
}

/* A segment less, and another where hashes are alike and what merged hangs in the tree: of all
 * buckets at most so many. False: no memory, or crowded (merge_last). */
__attribute__((noinline, unused)) static bool merge_some(struct ht *t, size_t most, bool *crowded)
{
    struct core *c = &t->core;
    bool done = true;
    while (done && most && merge_is_due(c)) {
        size_t segment = smaller(segment_of(c->store.count), most);
        most -= segment;
        for (; done && segment && c->shrink_below; segment--) {
            done = merge_last(t, crowded);
            set_limits(c, t->reserved);
        }
        t->rebuilds++;
        if (c->tree.root) /* before more nodes come */
            done = trim_room(t) && done;
    }
    done = trim_room(t) && done;
    t->behind = done && merge_is_due(c);
    return done;
}

/* As many entries as a block has slots. */
enum { FEW_ENTRIES = BLOCK_MOST * BUCKET_SLOTS };

/* Gives back all that can be given back: after many changes, or a debt.
 *
 * Where merging takes nodes and entries are few, all of them go to new storage instead: a refusal in
 * the middle of many merges would leave the nodes of some beside the buckets of others, more than
 * there was before. */
HT_COLD bool settle_all(struct ht *t)
{
    bool crowded = false;
    tree_free_spares(&t->core.tree, t->mem, SIZE_MAX);
    bool done = merge_some(t, SIZE_MAX, t->core.live <= FEW_ENTRIES ? &crowded : NULL);
    if (!crowded)
        return done;
    return rebuild_for(t, buckets_for(larger(in_buckets(t), t->reserved)), t->reserved) &&
           merge_some(t, SIZE_MAX, NULL);
}

/* The tree's root goes back if one of its buckets has room again, or another entry can make
 * some: now and then a key finds none although hashes spread, and should not lie there for long. */
static void recall_one(struct ht *t)
{
    struct node *root = t->core.tree.root;
    struct store *s = &t->core.store;
    if (__builtin_expect(!root, 1))
        return;
    struct entry entry = root->entry;
    uint64_t hash = ht_hash(entry.key, t->config.seed);
    if (s->live >= t->core.grow_above)
        return;
    size_t pushed = 0;
    if (!store_insert(s, home_of(s, hash), entry)) {
        pushed = store_push(s, hash, entry, t->config.seed);
        if (!pushed)
            return;
        s->live++;
    }
    (void)tree_erase(&t->core.tree, t->mem, entry.key, t->holding);
    moves_add(&t->moves, t->mem, 1 + pushed);
}

static void settle(struct ht *t)
{
    if (!t->holding)
        t->debt = !settle_all(t);
}

#endif
