/* One segment: a small table of buckets whose number need not be a power of two.
 *
 *      entries  | key value | ...                 128 bytes a bucket, in two cache lines
 *      buckets  | 8 tags of 16 bits | ...         16 bytes a bucket
 *      block    | address of the block |          since the entries are aligned in it
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
 * lands, and a segment below LOW shrinks. 60/8 of 8: 19.2 bytes an entry; LOW: 26.2.
 * From where a rebuild lands, live entries change by 8 % at least before the next: 4
 * standard deviations of a segment's share under churn. */
#ifdef HT_HARD
enum { FULL = 12, LAND = 8, LOW = 6, BUCKETS_MOST = 4 };
#else
enum { FULL = 60, LAND = 55, LOW = 44, BUCKETS_MOST = 1024 };
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

/* Bytes of a bucket with its slots. */
enum { BUCKET_BYTES = sizeof(struct bucket) + BUCKET_SLOTS * sizeof(struct entry) };

/* Cache lines; and what aligning to them costs a segment at most. */
enum { LINE = 64, SEGMENT_BYTES = LINE - 16 + sizeof(void *) };

static inline size_t segment_bytes(uint32_t count)
{
    return (size_t)count * BUCKET_BYTES + SEGMENT_BYTES;
}

static bool segment_alloc(struct segment *s, struct ht_mem *mem, uint32_t count)
{
    unsigned char *block = ht_alloc(mem, segment_bytes(count));
    if (!block)
        return false;
    unsigned char *entries = block + (-(uintptr_t)block & (LINE - 1));
    assert(entries - block <= LINE - 16); /* as malloc aligns to 16 */
    size_t bytes = (size_t)count * BUCKET_SLOTS * sizeof(struct entry);
    struct bucket *buckets = (struct bucket *)(void *)(entries + bytes);
    memset(buckets, 0, count * sizeof *buckets);
    memcpy(buckets + count, &block, sizeof block);
    *s = (struct segment){buckets, count, 0};
    return true;
}

static void segment_free(struct segment *s, struct ht_mem *mem)
{
    if (!segment_is_none(s)) {
        void *block;
        memcpy(&block, s->buckets + s->count, sizeof block);
        ht_free(mem, block, segment_bytes(s->count));
    }
    *s = no_segment;
}

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

HT_INLINE void prefetch_entries(const struct segment *s, size_t bucket)
{
    __builtin_prefetch(entries_of(s, bucket));
    __builtin_prefetch(entries_of(s, bucket) + LINE / sizeof(struct entry));
}

/* Where a key lies; `entry` is NULL if it lies nowhere. */
struct spot {
    struct entry *entry;
    uint16_t *tag;
};

HT_INLINE struct spot segment_find(const struct segment *s, uint64_t key, uint64_t hash)
{
    uint16_t tag = tag_of(hash);
    size_t first = first_of(s, hash), other = other_of(s, first, tag);
    unsigned same = bucket_match(&s->buckets[first], tag) | bucket_match(&s->buckets[other], tag)
                                                                << 16;
    if (same == 0)
        return (struct spot){NULL, NULL};
    /* Both, without waiting for which: a hit in 20 MB takes 2/3 of the time. */
    prefetch_entries(s, first);
    prefetch_entries(s, other);
    for (; same; same &= same - 1) {
        unsigned at = first_slot(same);
        size_t bucket = at < 8 ? first : other;
        struct entry *entry = entries_of(s, bucket) + at % 8;
        if (__builtin_expect(entry->key == key, 1))
            return (struct spot){entry, &s->buckets[bucket].tag[at % 8]};
    }
    return (struct spot){NULL, NULL};
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

/* A key that is not there, where one of its buckets has room; false if none has. */
HT_INLINE bool segment_insert(struct segment *s, uint64_t hash, struct entry entry)
{
    uint16_t tag = tag_of(hash);
    size_t first = first_of(s, hash), other = other_of(s, first, tag);
    HT_PROBE();
    HT_PROBE();
    unsigned room = bucket_free(&s->buckets[first]), room_other = bucket_free(&s->buckets[other]);
    bool take_other = slots_in(room_other) > slots_in(room);
    room = take_other ? room_other : room;
    if (__builtin_expect(room == 0, 0))
        return false;
    put_there(s, take_other ? other : first, first_slot(room), tag, entry);
    s->live++;
    return true;
}

HT_INLINE void segment_erase(struct segment *s, struct spot spot)
{
    *spot.tag = 0;
    s->live--;
}

/* ---- filling anew -------------------------------------------------------------- */

/* A fresh segment on its way to be full. How many slots of each bucket are taken is kept
 * apart, since to read it from tags just written would stall every insertion. Buckets
 * fill from their first slot on. */
struct filling {
    struct segment segment;
    unsigned char taken[BUCKETS_MOST];
};

static bool filling_start(struct filling *f, struct ht_mem *mem, uint32_t count)
{
    memset(f->taken, 0, count);
    return segment_alloc(&f->segment, mem, count);
}

/* False if no room is found, and then nothing has changed. */
HT_INLINE bool filling_insert(struct filling *f, uint64_t hash, struct entry entry)
{
    struct segment *s = &f->segment;
    uint16_t tag = tag_of(hash);
    size_t first = first_of(s, hash), other = other_of(s, first, tag);
    HT_PROBE();
    HT_PROBE();
    size_t bucket = f->taken[other] < f->taken[first] ? other : first;
    if (__builtin_expect(f->taken[bucket] == BUCKET_SLOTS, 0)) {
        size_t to = segment_push(s, hash, entry);
        if (to == SIZE_MAX)
            return false;
        f->taken[to]++;
        return true;
    }
    put_there(s, bucket, f->taken[bucket]++, tag, entry);
    return true;
}

/* Counts what lies in it: once, since to count in memory slows every insertion down. */
static void filling_end(struct filling *f)
{
    uint32_t live = 0;
    for (uint32_t i = 0; i < f->segment.count; i++)
        live += f->taken[i];
    f->segment.live = live;
}

/* ---- sizes ------------------------------------------------------------------------ */

HT_INLINE bool segment_is_full(const struct segment *s)
{
    return s->live * 8 + 8 > s->count * FULL;
}

HT_INLINE bool segment_is_low(const struct segment *s)
{
    return s->live * 8 < s->count * LOW;
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
