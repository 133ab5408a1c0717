/* A table of buckets whose memory follows its entries.
 *
 * When the entries in buckets outnumber what is right for so many, the next segment splits
 * off: some buckets, 8 in a large table, each of which takes half of another one; when they
 * are so few that less would do, the last segment goes back, and more where hashes are alike.
 *
 * Invariant: a key lies in one of its two buckets, or in the tree. At rest there are no fewer
 * entries in buckets than shrink_below says, or as few buckets as the reserved floor leaves;
 * or the table is behind: what a merge sends to the tree makes another merge due, and an
 * erase does so many only. The next erase and idle moments go on.
 * Cost: an operation splits at most one segment, merges at most MERGE_MOST buckets, and moves at
 * most MOVES_MOST entries.
 * Origin: linear hashing (store.h); its merging is the half of extendible hashing that Go's
 * maps leave out.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_FOLLOW_H
#define EBB_FOLLOW_H

#include "image.h"
#include "moves.h"
#include "promise.h"
#include "store.h"
#include "tree.h"

/* How many entries so many buckets may hold, and how few, in eighths for each of the first
 * FEW and for each other. 50/64 of the slots: 21.8 bytes an entry, and the part of the last
 * pages that waits for more; a fifth of all puts then finds both buckets full. Small tables
 * have more for each, as they have whole pages that wait, and all is in the cache. 40/64: 27.2
 * bytes; between the two the table neither grows nor shrinks. */
#ifdef HT_HARD
enum { FEW = 4, FULL_FEW = 12, FULL_MANY = 11, LOW_FEW = 10, LOW_MANY = 6 };
#else
enum { FEW = 1024, FULL_FEW = 54, FULL_MANY = 50, LOW_FEW = 44, LOW_MANY = 40 };
#endif

/* The most buckets of a segment. */
#ifdef HT_HARD
enum { SEGMENT_MOST = 2, SEGMENT_PART = 4 };
#else
enum { SEGMENT_MOST = 8, SEGMENT_PART = 64 };
#endif

/* The most buckets that an erase merges, and the most entries that an operation moves: to a
 * mapping or out of it, and those of the buckets, each of which may push two. */
enum {
    MERGE_MOST = 2 * SEGMENT_MOST,
    MOVES_MOST = (BLOCK_MOST + 1) * BUCKET_SLOTS + MERGE_MOST * 3 * BUCKET_SLOTS + 4
};

struct core {
    struct store store;
    struct tree tree;
    size_t live; /* of both, counted apart from theirs: check() holds them to it */
    size_t grow_above, shrink_below; /* entries in buckets */
};

struct ht {
    struct core core;
    struct ht_mem *mem;
    struct ht_config config;
    size_t reserved; /* the floor, in entries */
    bool holding;    /* after `hold`: no automatic release */
    bool debt;       /* a release failed for want of memory */
    bool behind;     /* an erase merged the most it may, and more is due */
    struct moves moves;
    uint64_t rebuilds, visited;
};

/* ---- sizes ------------------------------------------------------------------ */

static inline size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* `few` eighths of an entry for each of the first FEW buckets, `many` for each other. */
static inline size_t entries_in(size_t count, size_t few, size_t many)
{
    size_t first = smaller(count, FEW);
    return (first * few + (count - first) * many) / 8;
}

/* The fewest buckets that may hold n entries. */
static inline size_t buckets_for(size_t n)
{
    size_t first = (size_t)FEW * FULL_FEW / 8;
    if (n <= first)
        return (8 * n + FULL_FEW - 1) / FULL_FEW;
    return FEW + (8 * (n - first) + FULL_MANY - 1) / FULL_MANY;
}

/* The fewest entries that so many buckets are kept for. Where they are few, one fewer is full with less
 * than LOW of these: there it is two entries (one of fewer than 8) below what that one holds. */
static inline size_t fewest_of(size_t count)
{
    if (count <= 1)
        return count;
    size_t split_at = entries_in(count - 1, FULL_FEW, FULL_MANY);
    return smaller(entries_in(count, LOW_FEW, LOW_MANY), split_at - smaller(split_at / 4, 2));
}

/* How many buckets the next segment has. */
static inline size_t segment_of(size_t count)
{
    size_t part = count / SEGMENT_PART;
    return part < 1 ? 1 : smaller(part, SEGMENT_MOST);
}

/* What depends on the number of buckets. */
static void set_limits(struct core *c, size_t floor)
{
    size_t count = buckets_of(&c->store), least = buckets_for(floor);
    c->grow_above = entries_in(count, FULL_FEW, FULL_MANY);
    c->shrink_below = count <= least ? 0 : fewest_of(count);
}

/* ---- storage ---------------------------------------------------------------- */

static void core_init(struct core *c, const struct ht_config *config)
{
    *c = (struct core){.tree.seed = ht_mix(config->seed)}; /* and the limits of no buckets: 0 */
    store_init(&c->store);
}

static void core_free(struct core *c, struct ht_mem *mem)
{
    room_free(&c->store.room, mem);
    tree_free(&c->tree, mem);
}

/* `count` empty buckets. False: no memory. */
static bool core_open(struct core *c, struct ht_mem *mem, size_t count)
{
    if (!room_open(&c->store.room, mem, count <= BLOCK_MOST ? count : whole_pages(count)))
        return false;
    memset(c->store.room.tags, 0, slots_from(count));
    c->store.count = count;
    c->store.mask = (size_t)2 << (8 * sizeof count - 1 - (size_t)__builtin_clzl(count));
    c->store.mask--;
    return true;
}

/* Entries that went to other storage as a whole count as moved. */
static void note_room(struct ht *t, size_t reach_before)
{
    if ((t->core.store.room.reach != 0) != (reach_before != 0))
        moves_add(&t->moves, t->mem, t->core.store.live);
}

static bool grow_room(struct ht *t, size_t count)
{
    struct store *s = &t->core.store;
    size_t reach = s->room.reach;
    if (count > s->room.count && !room_grow(&s->room, t->mem, s->count, count))
        return false;
    note_room(t, reach);
    return true;
}

/* Gives back the memory of buckets that are no more. False: refused. */
static bool trim_room(struct ht *t)
{
    struct store *s = &t->core.store;
    size_t reach = s->room.reach;
    if (store_is_none(s))
        return true;
    if (t->core.store.live == 0 && t->reserved == 0) {
        room_free(&s->room, t->mem);
        store_init(s);
        set_limits(&t->core, 0);
        return true;
    }
    bool done = room_trim(&s->room, t->mem, s->count);
    note_room(t, reach);
    return done;
}

/* ---- one segment more -------------------------------------------------------- */

/* Some buckets more. False: no memory, and nothing has changed. */
__attribute__((noinline, unused)) static bool split_next(struct ht *t, size_t buckets)
{
    struct store *s = &t->core.store;
    if (store_is_none(s)) {
        if (!core_open(&t->core, t->mem, 1))
            return false;
    } else {
        size_t moved = 0, count = s->count + buckets;
        if (!grow_room(t, count))
            return false;
        while (s->count < count)
            moved += store_split(s, t->config.seed);
        moves_add(&t->moves, t->mem, moved);
    }
    t->rebuilds++;
    t->behind = false;
    set_limits(&t->core, t->reserved);
    tree_free_spares(&t->core.tree, t->mem, buckets * BUCKET_BYTES / sizeof(struct node) + 1);
    return true;
}

#endif
