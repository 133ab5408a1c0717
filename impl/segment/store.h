/* One segment: a small table of buckets whose number need not be a power of two.
 *
 *      entries  | key value | ...                 128 bytes a bucket, in two cache lines
 *      buckets  | 8 tags of 16 bits | ...         16 bytes a bucket
 *      owner    | what it lies in |               see storage.h
 *
 * Each key has two buckets. A new key takes the emptier; where both are full, an entry
 * of theirs goes to its own other bucket. A lookup always looks at both and nothing else:
 * nothing is marked, so nothing has to be unmarked, and no churn makes a lookup longer.
 * The second bucket follows from the first and the tag, and the first from the second.
 *
 * Invariant: a key in the segment lies in one of its two buckets.
 * Cost: two comparisons; 18 bytes a slot. A put into two full buckets, one in 20 at 94 %
 * load, moves one entry. Who finds no room so is refused: the segment grows, or the key
 * lies elsewhere (tree.h).
 * Origin: two choices (Azar, Broder, Karlin, Upfal, STOC 1994), by buckets (Dietzfelbinger
 * and Weidling, ICALP 2005); the tag that knows the other bucket: cuckoo filters (Fan,
 * Andersen, Kaminsky, Mitzenmacher, CoNEXT 2014).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_STORE_H
#define EBB_STORE_H

#include "bucket.h"

/* Entries a bucket on average, in eighths: a full segment grows, an automatic rebuild
 * lands, and a segment below LOW shrinks, one of many only below LOW_MANY to LOW_MANY +
 * LOW_SPREAD. 60/8 of 8: 19.2 bytes an entry; LOW: 26.2; LOW_MANY: 32, but at most 26.5 on
 * average of many, since they do not get there at once.
 * From where a rebuild lands, live entries change by 8 % at least before the next: 5
 * standard deviations of a segment's share under churn. */
#ifdef HT_HARD
enum { FULL = 12, LAND = 8, LOW = 6, LOW_MANY = 6, LOW_SPREAD = 0, BUCKETS_MOST = 4 };
#else
enum { FULL = 60, LAND = 55, LOW = 44, LOW_MANY = 34, LOW_SPREAD = 7, BUCKETS_MOST = 1280 };
#endif

struct segment {
    struct bucket *buckets;
    uint32_t count; /* of buckets */
    uint32_t live;
};

/* The buckets of a segment that holds nothing: one, never written, being constant. It
 * looks full, so that the first key finds no room. */
static const struct bucket no_bucket __attribute__((aligned(16)));
static const struct segment no_segment = {(struct bucket *)(uintptr_t)&no_bucket, 1, BUCKET_SLOTS};

HT_INLINE bool segment_is_none(const struct segment *s)
{
    return s->buckets == &no_bucket;
}

HT_INLINE uint32_t segment_live(const struct segment *s)
{
    return segment_is_none(s) ? 0 : s->live;
}

enum { LINE = 64 }; /* of a cache */

/* Bytes of a bucket with its slots. */
enum { BUCKET_BYTES = sizeof(struct bucket) + BUCKET_SLOTS * sizeof(struct entry) };

/* ---- where a key may lie ------------------------------------------------------ */

/* Which bits of the hash are which: the segment from the lowest, the tag from 24 up, the
 * first bucket from the top. */
HT_INLINE uint16_t tag_of(uint64_t hash)
{
    uint16_t tag = (uint16_t)(hash >> 24);
    return (uint16_t)(tag + (tag == 0));
}

HT_INLINE size_t first_of(const struct segment *s, uint64_t hash)
{
    return (size_t)((hash >> 32) * s->count >> 32);
}

/* The other bucket of a key with this tag: its own other is the one given. */
HT_INLINE size_t other_of(const struct segment *s, size_t bucket, uint16_t tag)
{
    size_t sum = (size_t)tag * s->count >> 16;
    return sum - bucket + (sum < bucket ? s->count : 0);
}

HT_INLINE struct entry *entries_of(const struct segment *s, size_t bucket)
{
    return (struct entry *)(void *)s->buckets - ((size_t)s->count - bucket) * BUCKET_SLOTS;
}

/* The slots of both buckets, while their tags are still on their way: a hit in 20 MB takes
 * half the time. */
HT_INLINE void prefetch_both(const struct segment *s, size_t first, size_t other)
{
    const struct entry *a = entries_of(s, first), *b = entries_of(s, other);
    __builtin_prefetch(a);
    __builtin_prefetch(a + LINE / sizeof *a);
    __builtin_prefetch(b);
    __builtin_prefetch(b + LINE / sizeof *b);
}

/* The second of two if `takes_second`, without a branch: of one on hashes every second is
 * mispredicted. The compiler must not see that it is 0 or 1. */
HT_INLINE size_t either(size_t first, size_t second, size_t takes_second)
{
    __asm__("" : "+r"(takes_second));
    return first ^ ((first ^ second) & -takes_second);
}

/* Where a key lies; `entry` is NULL if it lies nowhere. */
struct spot {
    struct entry *entry;
    uint16_t *tag;
};

/* `puts`: if it is not there it will be, so the slots are needed in any case. */
HT_INLINE struct spot segment_look(const struct segment *s, uint64_t key, uint64_t hash, bool puts)
{
    uint16_t tag = tag_of(hash);
    size_t first = first_of(s, hash), other = other_of(s, first, tag);
    if (puts)
        prefetch_both(s, first, other);
    unsigned same = bucket_match(&s->buckets[first], tag) | bucket_match(&s->buckets[other], tag)
                                                                << 16;
    if (same == 0)
        return (struct spot){NULL, NULL};
    if (!puts)
        prefetch_both(s, first, other);
    for (; same; same &= same - 1) {
        unsigned at = first_slot(same);
        size_t bucket = either(first, other, at / 8);
        struct entry *entry = entries_of(s, bucket) + at % 8;
        if (__builtin_expect(entry->key == key, 1))
            return (struct spot){entry, &s->buckets[bucket].tag[at % 8]};
    }
    return (struct spot){NULL, NULL};
}

HT_INLINE struct spot segment_find(const struct segment *s, uint64_t key, uint64_t hash)
{
    return segment_look(s, key, hash, false);
}

/* ---- changes --------------------------------------------------------------------- */

HT_INLINE void put_there(struct segment *s, size_t bucket, unsigned slot, uint16_t tag,
                         struct entry entry)
{
    s->buckets[bucket].tag[slot] = tag;
    entries_of(s, bucket)[slot] = entry;
}

/* Both buckets of a new key are full: moves one of their entries to its other bucket,
 * which is returned, and puts the new key there; SIZE_MAX if none of them can move. The
 * caller counts the entry. */
__attribute__((noinline, unused)) static size_t segment_push(struct segment *s, uint64_t hash,
                                                             struct entry entry)
{
    uint16_t tag = tag_of(hash);
    size_t first = first_of(s, hash), pair[2] = {first, other_of(s, first, tag)};
    for (unsigned slot = 0; slot < BUCKET_SLOTS / 2; slot++) /* most find room so soon */
        __builtin_prefetch(&s->buckets[other_of(s, first, s->buckets[first].tag[slot])]);
    for (unsigned i = 0; i < 2 * BUCKET_SLOTS; i++) {
        size_t from = pair[i / BUCKET_SLOTS];
        unsigned slot = i % BUCKET_SLOTS;
        HT_PROBE();
        uint16_t moved = s->buckets[from].tag[slot];
        size_t to = other_of(s, from, moved);
        unsigned room = bucket_free(&s->buckets[to]);
        if (room == 0)
            continue;
        put_there(s, to, first_slot(room), moved, entries_of(s, from)[slot]);
        put_there(s, from, slot, tag, entry);
        return to;
    }
    return SIZE_MAX;
}

/* The same where none of them can: an entry of the other bucket of one goes to its own
 * other, and that one there. Of 1000 puts into two full buckets one comes here, and of 1000
 * of these one finds nothing. */
__attribute__((noinline, unused)) static size_t segment_push_two(struct segment *s, uint64_t hash,
                                                                 struct entry entry)
{
    uint16_t tag = tag_of(hash);
    size_t from = first_of(s, hash);
    for (unsigned i = 0; i < 2 * BUCKET_SLOTS; i++) {
        unsigned slot = i / BUCKET_SLOTS, next = i % BUCKET_SLOTS;
        uint16_t moved = s->buckets[from].tag[slot];
        size_t over = other_of(s, from, moved);
        uint16_t moved_on = s->buckets[over].tag[next];
        size_t to = other_of(s, over, moved_on);
        HT_PROBE();
        unsigned room = bucket_free(&s->buckets[to]);
        if (room == 0 || over == from)
            continue;
        put_there(s, to, first_slot(room), moved_on, entries_of(s, over)[next]);
        put_there(s, over, next, moved, entries_of(s, from)[slot]);
        put_there(s, from, slot, tag, entry);
        return to;
    }
    return SIZE_MAX;
}

/* Puts a new key into two full buckets. How many entries have moved for it; 0: it is not in.
 * Where that may move one only, a segment grows a little earlier, and puts that churn in a
 * segment that is almost full get rid of their pushing. */
static size_t segment_make_room(struct segment *s, uint64_t hash, struct entry entry, bool two)
{
    if (segment_push(s, hash, entry) != SIZE_MAX)
        return 1;
    return two && segment_push_two(s, hash, entry) != SIZE_MAX ? 2 : 0;
}

/* A key that is not there, where one of its buckets has room; false if none has. */
HT_INLINE bool segment_insert(struct segment *s, uint64_t hash, struct entry entry)
{
    uint16_t tag = tag_of(hash);
    size_t first = first_of(s, hash), other = other_of(s, first, tag);
    HT_PROBE();
    HT_PROBE();
    unsigned room = bucket_free(&s->buckets[first]), room_other = bucket_free(&s->buckets[other]);
    bool take_other = slots_in(room_other) > slots_in(room);
    room = (unsigned)either(room, room_other, take_other);
    if (__builtin_expect(room == 0, 0))
        return false;
    put_there(s, either(first, other, take_other), first_slot(room), tag, entry);
    s->live++;
    return true;
}

HT_INLINE void segment_erase(struct segment *s, struct spot spot)
{
    *spot.tag = 0;
    s->live--;
}

/* ---- sizes ------------------------------------------------------------------------ */

HT_INLINE bool segment_is_full(const struct segment *s)
{
    return s->live * 8 + 8 > s->count * FULL;
}

/* `low`: LOW, or what one of many has (follow.h). */
HT_INLINE bool segment_is_low(const struct segment *s, uint32_t low)
{
    return s->live * 8 < s->count * low;
}

/* Where a rebuild lands that must hold n entries. */
static inline uint32_t buckets_for(size_t n)
{
    size_t count = (8 * n + LAND - 1) / LAND;
    return count > BUCKETS_MOST ? BUCKETS_MOST : count ? (uint32_t)count : 1;
}

/* Where a full segment grows to: by so many per cent. */
static inline uint32_t buckets_more(uint32_t count, uint32_t per_cent)
{
    uint32_t more = count + (count * per_cent < 100 ? 1 : count * per_cent / 100);
    return more > BUCKETS_MOST ? BUCKETS_MOST : more;
}

#endif
