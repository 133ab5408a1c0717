/* A table of segments whose memory follows its entries.
 *
 * Each segment grows and shrinks by a fraction on its own. When the entries
 * outnumber what is right for so many segments, the next in order gives half of its entries to
 * a new last one; when they are so few that one segment less would do, the last goes
 * back into the one it came from.
 *
 * Invariant: a key lies in the segment that the directory says, or in the tree. At rest
 * no segment is low (low_of), or it has the fewest buckets or pages that its entries or the
 * reserved floor fit; the number of segments follows the number of entries.
 * Cost: an operation rebuilds at most one segment, which takes the entries of one apart,
 * puts two together or moves one to other buckets: at most MOVES_MOST entries.
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
#include "rebuild.h"

/* Entries for which a segment is added: those of large tables are larger, since half a
 * page of each is wasted; those of small ones smaller, since what a rebuild holds besides
 * must be little of the whole. One goes when MERGE_EIGHTHS of the entries that brought it
 * are left: that is what must be put and deleted between two splits of the same segment. */
#ifdef HT_HARD
enum { SPLIT_AT = 2, SPLIT_LARGE_AT = 3, LARGE_FROM = 3, MERGE_EIGHTHS = 4 };
#else
enum { SPLIT_AT = 2048, SPLIT_LARGE_AT = 4096, LARGE_FROM = 64, MERGE_EIGHTHS = 7 };
#endif

/* The most that one operation moves: the entries of a segment, and one of the tree. */
enum { MOVES_MOST = BUCKETS_MOST * FULL / 8 + 1 };

/* By how many per cent a full segment grows. Where there are many, each is at another point
 * of its way, and what counts is their average: 19.2 bytes an entry when full and 23.8 after
 * growing by 24 % make 21.5. Few must each stay below 22, at the price of 9 moves a put
 * instead of 6 (impl/test/segment_goals.c). Between, it rises by 1 for each STEP segments. */
enum { FEW = 32, STEP = 32, GROW_FEW = 12, GROW_SOME = 14, GROW_MANY = 24 };

struct core {
    struct directory directory;
    struct tree tree;
    struct arena arena;
    size_t live;
    size_t split_above, merge_below; /* live entries */
    uint32_t low, low_spread;        /* see low_of */
    size_t buckets, stored;          /* of all segments; and the bytes they lie in */
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
        segment_free(directory_at(&c->directory, i), &c->arena, mem);
    c->directory.count = 1;
    (void)directory_shrink(&c->directory, mem); /* to one in the handle: needs no memory */
    tree_free(&c->tree, mem);
}

/* The most entries of so many segments. */
static size_t entries_of_segments(size_t count)
{
    if (count <= LARGE_FROM)
        return count * SPLIT_AT;
    return (size_t)LARGE_FROM * SPLIT_AT + (count - LARGE_FROM) * SPLIT_LARGE_AT;
}

static size_t segments_for(size_t entries)
{
    const size_t small = (size_t)LARGE_FROM * SPLIT_AT;
    if (entries <= small)
        return entries / SPLIT_AT + (entries % SPLIT_AT != 0);
    entries -= small;
    return LARGE_FROM + entries / SPLIT_LARGE_AT + (entries % SPLIT_LARGE_AT != 0);
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

/* Where number i is low. Segments that were filled alike get low at different points, not
 * all at once. */
HT_INLINE uint32_t low_of(const struct core *c, size_t i)
{
    return c->low + ((uint32_t)i & c->low_spread);
}

/* What depends on the number of segments. */
static void set_limits(struct core *c, size_t floor)
{
    size_t count = c->directory.count;
    c->split_above = entries_of_segments(count);
    c->low = count < FEW ? LOW : LOW_MANY;
    c->low_spread = count < FEW ? 0 : LOW_SPREAD;
    c->merge_below = count > 1 && count > segments_for(floor)
                         ? entries_of_segments(count - 1) / 8 * MERGE_EIGHTHS +
                               entries_of_segments(count - 1) % 8 * MERGE_EIGHTHS / 8
                         : 0;
}

/* ---- sizes ------------------------------------------------------------------ */

/* How many buckets, and in what. */
struct size {
    uint32_t count;
    bool in_run;
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* For `count` buckets in the place of a segment, or a few more. */
static struct size size_for(const struct core *c, const struct segment *s, size_t count)
{
    bool in_run = count_is_for_run(count) && (c->directory.count >= RUNS_FROM || segment_in_run(s));
    return (struct size){in_run ? buckets_in(pages_for(count)) : (uint32_t)count, in_run};
}

/* Where a rebuild lands that gives number i room for n entries. */
static struct size size_to_hold(const struct ht *t, size_t i, size_t n)
{
    const struct core *c = &t->core;
    return size_for(c, directory_at(&c->directory, i),
                    larger(buckets_for(n), buckets_of_floor(c, i, t->reserved)));
}

/* Where number i grows to that has `count` buckets; each by another fraction, so that
 * segments that were filled alike do not stay alike. */
static uint32_t buckets_grown(const struct ht *t, size_t i, uint32_t count)
{
    size_t segments = t->core.directory.count;
    if (segments < FEW)
        return buckets_more(count, GROW_FEW);
    size_t more = GROW_SOME + segments / STEP;
    return buckets_more(count, (uint32_t)((more < GROW_MANY ? more : GROW_MANY) + 2 * (i % 8) - 7));
}

/* Where number i grows to that is full: in a run to the nearest page. */
static struct size size_grown(const struct ht *t, size_t i)
{
    const struct segment *s = directory_at(&t->core.directory, i);
    if (segment_is_none(s))
        return size_to_hold(t, i, 1);
    uint32_t count = buckets_grown(t, i, s->count);
    struct size size = size_for(&t->core, s, count);
    if (size.in_run)
        size.count =
            (uint32_t)larger(buckets_in(pages_nearest(count)), buckets_in(pages_for(s->count + 1)));
    return size;
}

/* Where one half of a split lands: it is on its way to grow. */
static struct size size_of_half(const struct ht *t, size_t i, size_t n)
{
    const struct segment *s = directory_at(&t->core.directory, i);
    struct size grown = size_for(&t->core, s, buckets_grown(t, i, (uint32_t)(n * 8 / FULL)));
    struct size holds = size_to_hold(t, i, n);
    return grown.count > holds.count ? grown : holds;
}

/* ---- rebuilding ------------------------------------------------------------- */

/* Segment number i changed: it has other storage, or less, or more. */
static void note_storage(struct core *c, size_t buckets_before, size_t stored_before,
                         const struct segment *now)
{
    c->buckets += (segment_is_none(now) ? 0 : now->count) - buckets_before;
    c->stored += storage_bytes(now) - stored_before;
}

/* A fresh segment in the place of number i, which is freed. */
static void replace_segment(struct core *c, struct ht_mem *mem, size_t i, struct segment fresh)
{
    struct segment *s = directory_at(&c->directory, i);
    note_storage(c, segment_is_none(s) ? 0 : s->count, storage_bytes(s), &fresh);
    segment_free(s, &c->arena, mem);
    *s = fresh;
}

static void start_rebuild(struct rebuild *r, struct ht *t)
{
    rebuild_start(r, t->mem, &t->core.arena, t->config.seed);
}

/* All has come; what is built takes the place of number i. */
static void finish_rebuild(struct ht *t, struct rebuild *r, size_t i, size_t moved)
{
    rebuild_end(r);
    tree_add_list(&t->core.tree, r->mem, r->homeless);
    moves_add(&t->moves, t->mem, moved);
    t->rebuilds++;
    const struct segment *before = &r->before, *now = &r->to[0].segment;
    if (r->aside) {
        note_storage(&t->core, before->count, pages_for(before->count) * PAGE, now);
        *directory_at(&t->core.directory, i) = *now;
    } else if (!segment_is_none(now)) {
        replace_segment(&t->core, t->mem, i, *now);
    }
}

/* Number i in other storage; with one entry more, if `more` is not NULL. */
HT_COLD bool resize_segment(struct ht *t, size_t i, struct size size, const struct entry *more)
{
    struct segment s = *directory_at(&t->core.directory, i);
    struct rebuild r;
    start_rebuild(&r, t);
    if (!rebuild_place(&r, &s, size.count, size.in_run) || !rebuild_fill(&r, &s) ||
        (more && !rebuild_insert(&r, *more)))
        return rebuild_fail(&r);
    finish_rebuild(t, &r, i, segment_live(&s));
    return true;
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
    struct segment s = *directory_at(d, buddy);
    uint64_t bit = fresh ^ buddy;
    size_t live = segment_live(&s), there = count_bit(t, &s, bit);
    directory_add(d, no_segment); /* as size_to_hold must see it */
    struct size here = size_of_half(t, buddy, live - there), other = size_of_half(t, fresh, there);
    struct rebuild r;
    start_rebuild(&r, t);
    r.chooses = bit;
    /* With few segments what is put aside would be much: two new ones are less. */
    if (!rebuild_alloc(&r, 1, other.count, other.in_run) ||
        !(fresh / 2 < LARGE_FROM ? rebuild_alloc(&r, 0, here.count, here.in_run)
                                 : rebuild_place(&r, &s, here.count, here.in_run)) ||
        !rebuild_fill(&r, &s)) {
        directory_drop(d);
        return rebuild_fail(&r);
    }
    finish_rebuild(t, &r, buddy, live);
    replace_segment(&t->core, t->mem, fresh, r.to[1].segment);
    set_limits(&t->core, t->reserved);
    return true;
}

/* One segment less; false: no memory for that, or for a smaller directory. */
HT_COLD bool merge_last(struct ht *t)
{
    struct directory *d = &t->core.directory;
    size_t last = d->count - 1, buddy = directory_buddy(last);
    struct segment from = *directory_at(d, last), into = *directory_at(d, buddy);
    size_t live = segment_live(&from) + segment_live(&into);
    struct size size = size_to_hold(t, buddy, live);
    bool fits = live < MOVES_MOST; /* if not, hashes are alike, and the last becomes nodes */
    struct rebuild r;
    start_rebuild(&r, t);
    if (fits ? !rebuild_place(&r, &into, size.count, size.in_run) || !rebuild_fill(&r, &into) ||
                   !rebuild_fill(&r, &from)
             : !rebuild_scatter(&r, &from))
        return rebuild_fail(&r);
    finish_rebuild(t, &r, buddy, fits ? live : segment_live(&from));
    replace_segment(&t->core, t->mem, last, no_segment);
    directory_drop(d);
    set_limits(&t->core, t->reserved);
    return directory_shrink(d, t->mem);
}

/* Gives back what segment number i does not need; false: no memory. */
static bool trim_segment(struct ht *t, size_t i)
{
    const struct segment *s = directory_at(&t->core.directory, i);
    if (!segment_is_low(s, low_of(&t->core, i)) || s->count == 1)
        return true;
    struct size size = size_to_hold(t, i, segment_live(s));
    return size.count >= s->count || resize_segment(t, i, size, NULL);
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
