/* A table of segments whose memory follows its entries.
 *
 * Each segment grows and shrinks by a fraction on its own. When the entries
 * outnumber SPLIT_AT for every segment, the next in order gives half of its entries to
 * a new last one; when they are so few that one segment less would do, the last goes
 * back into the one it came from.
 *
 * Invariant: a key lies in the segment that the directory says, or in the tree. At rest
 * every segment has LOW entries a bucket, or the fewest buckets that its entries or the
 * reserved floor fit; the number of segments follows the number of entries.
 * Cost: an operation rebuilds at most one segment, which takes the entries of one
 * apart, puts two together or moves one to other buckets: at most MOVES_MOST entries. New storage is complete before the old is freed.
 * Origin: linear hashing (directory.h) of group-probed tables; its merging is the half
 * of extendible hashing that Go's maps leave out.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_FOLLOW_H
#define EBB_FOLLOW_H

#include "directory.h"
#include "image.h"
#include "moves.h"
#include "promise.h"
#include "tree.h"

/* Entries a segment on average, at which one is added and under which one goes. The
 * distance is what must be put and deleted between two splits of the same segment. */
#ifdef HT_HARD
enum { SPLIT_AT = 2, MERGE_AT = 1 };
#else
enum { SPLIT_AT = 2048, MERGE_AT = 1792 };
#endif

/* The most that one operation moves: the entries of a segment, and one of the tree. */
enum { MOVES_MOST = BUCKETS_MOST * FULL / 8 + 1 };

/* By how many per cent a full segment grows, by the number of segments. Where there are
 * many, each is at another point of its way, and what counts is their average: 19.2 bytes
 * an entry when full and 23.6 after growing make 21.4. Few must each stay below 22, at
 * the price of 9 moves a put instead of 6 (impl/test/segment_goals.c). */
enum { FEW = 32, SOME = 256, GROW_FEW = 12, GROW_SOME = 18, GROW_MANY = 23 };

struct core {
    struct directory directory;
    struct tree tree;
    size_t live;
    size_t split_above, merge_below; /* live entries */
    size_t buckets;                  /* of all segments */
};

struct ht {
    struct core core;
    struct ht_mem *mem;
    struct ht_config config;
    size_t reserved; /* the floor, in entries */
    bool holding;    /* after `hold`: no automatic release */
    bool debt;       /* a release failed for want of memory */
    struct moves moves;
    uint64_t rebuilds, visited;
};

/* ---- storage ---------------------------------------------------------------- */

static void core_init(struct core *c, const struct ht_config *config)
{
    *c = (struct core){.tree.seed = ht_mix(config->seed)};
    directory_init(&c->directory);
}

static void core_move(struct core *to, const struct core *from)
{
    *to = *from;
    directory_move(&to->directory, &from->directory);
}

static void core_free(struct core *c, struct ht_mem *mem)
{
    for (size_t i = 0; i < c->directory.count; i++)
        segment_free(directory_at(&c->directory, i), mem);
    c->directory.count = 1;
    (void)directory_shrink(&c->directory, mem); /* to one in the handle: needs no memory */
    tree_free(&c->tree, mem);
}

static size_t segments_for(size_t entries)
{
    return entries / SPLIT_AT + (entries % SPLIT_AT != 0);
}

/* The fewest buckets that a floor leaves segment number i. */
static uint32_t buckets_of_floor(const struct core *c, size_t i, size_t floor)
{
    const struct directory *d = &c->directory;
    if (floor == 0)
        return 1;
    size_t half = d->mask / 2 + 1;
    bool split = d->count > 1 && (i >= half || i + half < d->count);
    size_t parts = split ? d->mask + 1 : half;
    return buckets_for(floor / parts + (floor % parts != 0));
}

/* What depends on the number of segments. */
static void set_limits(struct core *c, size_t floor)
{
    size_t count = c->directory.count;
    c->split_above = count * SPLIT_AT;
    c->merge_below = count > 1 && count > segments_for(floor) ? (count - 1) * MERGE_AT : 0;
}

/* Puts segment `fresh` into the place of number i, which is freed. */
static void replace_segment(struct ht *t, size_t i, struct segment fresh)
{
    struct segment *s = directory_at(&t->core.directory, i);
    t->core.buckets += fresh.count;
    t->core.buckets -= segment_is_none(s) ? 0 : s->count;
    segment_free(s, t->mem);
    *s = fresh;
}

/* ---- rebuilding ------------------------------------------------------------- */

/* Entries on their way: into one or two segments, and into nodes where there is no
 * room. `chooses` is the bit of the hash that says which. */
struct rebuild {
    struct ht_mem *mem;
    uint64_t seed, chooses;
    struct node *homeless; /* linked by child[0] */
    struct filling to[2];
};

HT_COLD bool rebuild_node(struct rebuild *r, struct entry entry)
{
    struct node *n = tree_node(r->mem, entry);
    if (!n)
        return false;
    n->child[0] = r->homeless;
    r->homeless = n;
    return true;
}

/* `both`: a constant, whether there are two to choose from. */
HT_INLINE bool rebuild_insert(struct rebuild *r, struct entry entry, bool both)
{
    uint64_t hash = ht_hash(entry.key, r->seed);
    struct filling *to = &r->to[both && (hash & r->chooses) != 0];
    if (__builtin_expect(!segment_is_none(&to->segment) && filling_insert(to, hash, entry), 1))
        return true;
    return rebuild_node(r, entry);
}

HT_INLINE bool fill_from(struct rebuild *r, const struct segment *from, bool both)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct entry *entries = entries_of(from, i);
        for (unsigned live = bucket_live(&from->buckets[i]); live; live &= live - 1)
            if (!rebuild_insert(r, entries[first_slot(live)], both))
                return false;
    }
    return true;
}

static bool rebuild_fill(struct rebuild *r, const struct segment *from)
{
    return r->chooses ? fill_from(r, from, true) : fill_from(r, from, false);
}

static void rebuild_start(struct rebuild *r, const struct ht *t)
{
    r->mem = t->mem;
    r->seed = t->config.seed;
    r->chooses = 0;
    r->homeless = NULL;
    r->to[0].segment = r->to[1].segment = no_segment;
}

/* Nothing has happened. */
static bool rebuild_fail(struct rebuild *r)
{
    segment_free(&r->to[0].segment, r->mem);
    segment_free(&r->to[1].segment, r->mem);
    tree_free_list(r->mem, r->homeless);
    return false;
}

static void rebuild_done(struct ht *t, struct rebuild *r, size_t moved)
{
    for (unsigned i = 0; i < 2; i++)
        if (!segment_is_none(&r->to[i].segment))
            filling_end(&r->to[i]);
    tree_add_list(&t->core.tree, r->mem, r->homeless);
    moves_add(&t->moves, t->mem, moved);
    t->rebuilds++;
}

/* Segment number i in `count` buckets; with one entry more, if `more` is not NULL. */
HT_COLD bool resize_segment(struct ht *t, size_t i, uint32_t count, const struct entry *more)
{
    const struct segment *s = directory_at(&t->core.directory, i);
    struct rebuild r;
    rebuild_start(&r, t);
    if (!filling_start(&r.to[0], t->mem, count) || !rebuild_fill(&r, s) ||
        (more && !rebuild_insert(&r, *more, false)))
        return rebuild_fail(&r);
    rebuild_done(t, &r, segment_live(s));
    replace_segment(t, i, r.to[0].segment);
    return true;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The buckets that a rebuild gives number i for n entries. */
static uint32_t buckets_with_floor(const struct ht *t, size_t i, size_t n)
{
    return (uint32_t)larger(buckets_for(n), buckets_of_floor(&t->core, i, t->reserved));
}

static uint32_t buckets_grown(const struct ht *t, uint32_t count)
{
    size_t segments = t->core.directory.count;
    return buckets_more(count, segments < FEW ? GROW_FEW : segments < SOME ? GROW_SOME : GROW_MANY);
}

/* The buckets that one half of a split gets: it is on its way to grow. */
static uint32_t buckets_of_half(const struct ht *t, size_t i, size_t n)
{
    return (uint32_t)larger(buckets_grown(t, (uint32_t)(n * 8 / FULL)),
                            buckets_with_floor(t, i, n));
}

/* How many entries of a segment have the bit in their hash. */
static size_t count_bit(const struct ht *t, const struct segment *s, uint64_t bit)
{
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct entry *entries = entries_of(s, i);
        for (unsigned live = bucket_live(&s->buckets[i]); live; live &= live - 1)
            count += (ht_hash(entries[first_slot(live)].key, t->config.seed) & bit) != 0;
    }
    return count;
}

/* One segment more. Where there is no memory for it, the next put tries again. */
HT_COLD bool split_next(struct ht *t)
{
    struct directory *d = &t->core.directory;
    size_t fresh = d->count, buddy = directory_buddy(fresh);
    if (!directory_grow(d, t->mem))
        return false;
    const struct segment *s = directory_at(d, buddy);
    uint64_t bit = fresh ^ buddy;
    size_t live = segment_live(s), there = count_bit(t, s, bit);
    directory_add(d, no_segment); /* as buckets_with_floor must see it */
    struct rebuild r;
    rebuild_start(&r, t);
    r.chooses = bit;
    if (!filling_start(&r.to[0], t->mem, buckets_of_half(t, buddy, live - there)) ||
        !filling_start(&r.to[1], t->mem, buckets_of_half(t, fresh, there)) ||
        !rebuild_fill(&r, s)) {
        directory_drop(d);
        return rebuild_fail(&r);
    }
    rebuild_done(t, &r, live);
    replace_segment(t, buddy, r.to[0].segment);
    replace_segment(t, fresh, r.to[1].segment);
    set_limits(&t->core, t->reserved);
    return true;
}

/* One segment less; false: no memory for that, or for a smaller directory. */
HT_COLD bool merge_last(struct ht *t)
{
    struct directory *d = &t->core.directory;
    size_t last = d->count - 1, buddy = directory_buddy(last);
    const struct segment *from = directory_at(d, last), *into = directory_at(d, buddy);
    size_t live = segment_live(from) + segment_live(into);
    bool fits = live < MOVES_MOST;
    struct rebuild r;
    rebuild_start(&r, t);
    if (fits ? !filling_start(&r.to[0], t->mem, buckets_with_floor(t, buddy, live)) ||
                   !rebuild_fill(&r, into) || !rebuild_fill(&r, from)
             : !rebuild_fill(&r, from)) /* without a segment all become nodes: hashes are alike */
        return rebuild_fail(&r);
    rebuild_done(t, &r, fits ? live : segment_live(from));
    if (fits)
        replace_segment(t, buddy, r.to[0].segment);
    t->core.buckets -= segment_is_none(from) ? 0 : from->count;
    segment_free(directory_at(d, last), t->mem);
    directory_drop(d);
    set_limits(&t->core, t->reserved);
    return directory_shrink(d, t->mem);
}

/* Gives back what segment number i does not need; false: no memory. */
static bool trim_segment(struct ht *t, size_t i)
{
    const struct segment *s = directory_at(&t->core.directory, i);
    if (!segment_is_low(s) || s->count == 1)
        return true;
    uint32_t count = buckets_with_floor(t, i, segment_live(s));
    return count >= s->count || resize_segment(t, i, count, NULL);
}

/* Gives back all that can be given back: after many changes, or a debt. */
HT_COLD bool settle_all(struct ht *t)
{
    tree_free_spares(&t->core.tree, t->mem);
    if (!directory_shrink(&t->core.directory, t->mem))
        return false;
    while (t->core.live < t->core.merge_below)
        if (!merge_last(t))
            return false;
    for (size_t i = 0; i < t->core.directory.count; i++)
        if (!trim_segment(t, i))
            return false;
    return true;
}

/* The tree's root goes back if its segment has room again: once in 2,000 rebuilds a key
 * finds none although hashes spread, and should not lie there for long. */
static void recall_one(struct ht *t)
{
    struct node *root = t->core.tree.root;
    if (!root)
        return;
    struct entry entry = root->entry;
    uint64_t hash = ht_hash(entry.key, t->config.seed);
    struct segment *s = directory_at(&t->core.directory, directory_index(&t->core.directory, hash));
    if (segment_is_full(s) || !segment_insert(s, hash, entry))
        return;
    (void)tree_erase(&t->core.tree, t->mem, entry.key, t->holding);
    moves_add(&t->moves, t->mem, 1);
}

static void settle(struct ht *t)
{
    if (!t->holding)
        t->debt = !settle_all(t);
}

#endif
