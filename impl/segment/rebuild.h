/* One segment's entries on their way into one or two others.
 *
 * A segment that lies in a run stays in it: what it holds is put aside, and the run made
 * as long as needed and written anew. If memory fails on the way, what was put aside goes
 * back. A segment in a block is read where it lies, and freed when its successor is
 * complete.
 *
 * Invariant: until rebuild_end nothing has changed, or rebuild_fail makes it so.
 * Cost: see fill.h; and a copy of what is put aside, 2 ns an entry, most of it for bringing
 * the segment into the cache.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_REBUILD_H
#define EBB_REBUILD_H

#include "fill.h"
#include "tree.h"

/* `chooses` is the bit of the hash that says which of the two an entry goes to. */
struct rebuild {
    struct ht_mem *mem;
    struct arena *arena;
    uint64_t seed, chooses;
    struct node *homeless; /* found no room; linked by child[0] */
    unsigned char *aside;  /* what the segment held whose run to[0] is in; or NULL */
    struct segment before; /* that segment */
    struct filling to[2];
};

static void rebuild_start(struct rebuild *r, struct ht_mem *mem, struct arena *arena, uint64_t seed)
{
    r->mem = mem;
    r->arena = arena;
    r->seed = seed;
    r->chooses = 0;
    r->homeless = NULL;
    r->aside = NULL;
    r->to[0].segment = r->to[1].segment = no_segment;
}

/* Fresh storage. False: no memory. */
static bool rebuild_alloc(struct rebuild *r, unsigned which, uint32_t count, bool in_run)
{
    if (!segment_alloc(&r->to[which].segment, r->arena, r->mem, count, in_run))
        return false;
    filling_start(&r->to[which]);
    return true;
}

/* Storage of `count` buckets to go on with in the place of *s, which is then to be read
 * instead of what it was. False: no memory. */
static bool rebuild_place(struct rebuild *r, struct segment *s, uint32_t count, bool in_run)
{
    if (!in_run || !segment_in_run(s))
        return rebuild_alloc(r, 0, count, in_run);
    size_t bytes = (size_t)s->count * BUCKET_BYTES, pages = pages_for(s->count);
    unsigned char *aside = ht_alloc(r->mem, bytes);
    if (!aside)
        return false;
    if (pages_for(count) > pages && !run_grow(r->mem, start_of(s), pages, pages_for(count))) {
        ht_free(r->mem, aside, bytes);
        return false;
    }
    memcpy(aside, start_of(s), bytes);
    r->aside = aside;
    r->before = *s;
    uintptr_t owner = owner_of(s);
    segment_lay(&r->to[0].segment, start_of(&r->before), count, owner);
    filling_start(&r->to[0]);
    s->buckets = (struct bucket *)(void *)(aside + bytes) - s->count;
    return true;
}

static void free_aside(struct rebuild *r)
{
    if (r->aside)
        ht_free(r->mem, r->aside, (size_t)r->before.count * BUCKET_BYTES);
}

/* Nothing has happened. */
static bool rebuild_fail(struct rebuild *r)
{
    if (r->aside) {
        struct segment *s = &r->before;
        unsigned char *start = start_of(s);
        uintptr_t owner = owner_of(&r->to[0].segment);
        size_t pages = pages_for(s->count), now = pages_for(r->to[0].segment.count);
        memcpy(start, r->aside, (size_t)s->count * BUCKET_BYTES);
        memcpy(s->buckets + s->count, &owner, sizeof owner);
        run_shrink(r->mem, start, now > pages ? now : pages, pages);
        free_aside(r);
    } else {
        segment_free(&r->to[0].segment, r->arena, r->mem);
    }
    segment_free(&r->to[1].segment, r->arena, r->mem);
    tree_free_list(r->mem, r->homeless);
    return false;
}

/* The entries are where they belong; to[0] and to[1] are now the caller's. */
static void rebuild_end(struct rebuild *r)
{
    for (unsigned i = 0; i < 2; i++)
        if (!segment_is_none(&r->to[i].segment))
            filling_end(&r->to[i]);
    if (r->aside) {
        size_t pages = pages_for(r->before.count), now = pages_for(r->to[0].segment.count);
        run_shrink(r->mem, start_of(&r->before), now > pages ? now : pages, now);
        free_aside(r);
    }
}

/* ---- entries --------------------------------------------------------------------- */

HT_COLD bool rebuild_node(struct rebuild *r, struct entry entry)
{
    struct node *n = tree_node(r->mem, entry);
    if (!n)
        return false;
    n->child[0] = r->homeless;
    r->homeless = n;
    return true;
}

/* One entry more. False: no memory. */
static bool rebuild_insert(struct rebuild *r, struct entry entry)
{
    struct filling *to = &r->to[0];
    return filling_insert(to, ht_hash(entry.key, r->seed), &entry) || rebuild_node(r, entry);
}

/* `both`: a constant, whether there are two to choose from. */
HT_INLINE bool fill_from(struct rebuild *r, const struct segment *from, bool both)
{
    const uint64_t seed = r->seed, chooses = r->chooses;
    for (size_t i = 0; i < from->count; i++) {
        const struct entry *entries = entries_of(from, i);
        for (unsigned live = bucket_live(&from->buckets[i]); live; live &= live - 1) {
            const struct entry *entry = &entries[first_slot(live)];
            uint64_t hash = ht_hash(entry->key, seed);
            struct filling *to = &r->to[both && (hash & chooses) != 0];
            if (__builtin_expect(!filling_move(to, hash, entry, first_of(from, hash) != i), 0) &&
                !rebuild_node(r, *entry))
                return false;
        }
    }
    return true;
}

/* All entries of a segment. False: no memory. */
static bool rebuild_fill(struct rebuild *r, const struct segment *from)
{
    return r->chooses ? fill_from(r, from, true) : fill_from(r, from, false);
}

/* All become nodes. */
static bool rebuild_scatter(struct rebuild *r, const struct segment *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct entry *entries = entries_of(from, i);
        for (unsigned live = bucket_live(&from->buckets[i]); live; live &= live - 1)
            if (!rebuild_node(r, entries[first_slot(live)]))
                return false;
    }
    return true;
}

#endif
