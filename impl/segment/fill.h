/* Filling a fresh segment with the entries of others.
 *
 * Both buckets of a key stand for fixed fractions of their segment, however many buckets
 * it has. So an entry that stays with the bucket it had, its first or its other, comes to
 * lie at about the same fraction, and a segment that is read from its first bucket to its
 * last is written in the same order. Only where that bucket is full is the other one of
 * the two looked at.
 *
 * Cost: one look at each of the two buckets' counts.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_FILL_H
#define EBB_FILL_H

#include "storage.h"

/* From so many taken slots of the bucket that it had, an entry goes to the other one if
 * that has fewer. Puts find both of a key's buckets full in 12 % of all cases while a table
 * grows to 10^6; with 8 it would be 19 %, with 1 (always the emptier) 16 %. */
enum { KEEPS_BELOW = BUCKET_SLOTS * 3 / 4 };

/* How many slots of each bucket are taken is kept apart, since to read it from tags just
 * written would stall every insertion. Buckets fill from their first slot on. (No bytes,
 * which the compiler must take for a part of anything.) */
struct filling {
    struct segment segment;
    uint16_t taken[BUCKETS_MOST];
};

static void filling_start(struct filling *f)
{
    memset(f->taken, 0, f->segment.count * sizeof *f->taken);
}

/* Both are full; false if no other entry can make room, and then nothing has changed. */
HT_COLD bool filling_push(struct filling *f, uint64_t hash, const struct entry *entry)
{
    size_t to = segment_push(&f->segment, hash, *entry);
    if (to == SIZE_MAX)
        to = segment_push_two(&f->segment, hash, *entry);
    if (to == SIZE_MAX)
        return false;
    f->taken[to]++;
    return true;
}

/* An entry that was in its first bucket, or in its other. */
HT_INLINE bool filling_move(struct filling *f, uint64_t hash, const struct entry *entry,
                            bool was_other)
{
    const struct segment *s = &f->segment;
    uint16_t tag = tag_of(hash);
    size_t first = first_of(s, hash), other = other_of(s, first, tag);
    size_t had = either(first, other, was_other), has_not = first ^ other ^ had;
    unsigned taken = f->taken[had], taken_there = f->taken[has_not];
    HT_PROBE();
    HT_PROBE();
    bool changes = taken >= KEEPS_BELOW && taken_there < taken;
    size_t bucket = either(had, has_not, changes);
    taken = (unsigned)either(taken, taken_there, changes);
    if (__builtin_expect(taken == BUCKET_SLOTS, 0))
        return filling_push(f, hash, entry);
    put_there(&f->segment, bucket, taken, tag, *entry);
    f->taken[bucket] = (uint16_t)(taken + 1);
    return true;
}

/* A new entry: the emptier bucket. */
HT_INLINE bool filling_insert(struct filling *f, uint64_t hash, const struct entry *entry)
{
    const struct segment *s = &f->segment;
    size_t first = first_of(s, hash), other = other_of(s, first, tag_of(hash));
    return filling_move(f, hash, entry, f->taken[other] < f->taken[first]);
}

/* Counts what lies in it: once, since to count in memory slows every insertion down. */
static void filling_end(struct filling *f)
{
    uint32_t live = 0;
    for (uint32_t i = 0; i < f->segment.count; i++)
        live += f->taken[i];
    f->segment.live = live;
}

#endif
