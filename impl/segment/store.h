/* The entries of a table: buckets in the order of linear hashing, two for each key.
 *
 *      entries  | key value | ...                 128 bytes a bucket, in two cache lines
 *      tags     | 8 tags of one byte | ...         8 bytes a bucket
 *
 * Each key has two buckets, by two parts of its hash. A new key takes the emptier; where
 * both are full, an entry of theirs goes to its own other bucket. A lookup always looks at
 * both and nothing else: nothing is marked, so nothing has to be unmarked, and no churn
 * makes a lookup longer.
 *
 * With mask + 1 the power of two above `count`, a key's bucket is the low bits of a part under
 * the mask, less the highest where that bucket is not yet (or no longer) there. Bucket number
 * `count` takes what belongs to it out of one other and fits, whatever the hashes are; the last
 * goes back to where it came from. While only some are split, these have room and the others
 * are in demand: two choices even that out.
 *
 * Invariant: a key in the store lies in one of its two buckets; mask / 2 < count <= mask.
 * Cost: one comparison; 17 bytes a slot. A split reads one bucket and moves half of it.
 * Origin: linear hashing (W. Litwin, VLDB 1980); two choices (Azar, Broder, Karlin, Upfal,
 * STOC 1994), by buckets (Dietzfelbinger and Weidling, ICALP 2005).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_STORE_H
#define EBB_STORE_H

#include "room.h"

struct store {
    struct room room;
    size_t count; /* buckets; without room 1, the static empty one */
    size_t mask;
    size_t live;
};

static void store_init(struct store *s)
{
    *s = (struct store){.room = no_room, .count = 1, .mask = 1};
}

HT_INLINE bool store_is_none(const struct store *s)
{
    return s->room.count == 0;
}

/* Buckets that there are: 0 where there is no room. */
static inline size_t buckets_of(const struct store *s)
{
    return store_is_none(s) ? 0 : s->count;
}

/* ---- where a key may lie ------------------------------------------------------ */

/* Whether it is so cannot be foreseen: of a branch on hashes every second is mispredicted. gcc and
 * clang then choose by a conditional move. */
#ifdef __clang__
#define UNFORESEEN(condition) __builtin_unpredictable(condition)
#else
#define UNFORESEEN(condition) __builtin_expect_with_probability(condition, 1, 0.5)
#endif

HT_INLINE size_t either(size_t first, size_t second, bool takes_second)
{
    return UNFORESEEN(takes_second) ? second : first;
}

/* Which bits of the hash are which: one bucket from the lowest up, the other from 40 up, the
 * tag from 32 up. */
HT_INLINE uint8_t tag_of(uint64_t hash)
{
    uint8_t tag = (uint8_t)(hash >> 32);
    return (uint8_t)(tag + (tag == 0));
}

HT_INLINE size_t bucket_at(const struct store *s, uint64_t part)
{
    size_t whole = (size_t)part & s->mask;
    return either(whole, whole & s->mask / 2, whole >= s->count);
}

HT_INLINE uint64_t other_part(uint64_t hash)
{
    return hash >> 40 | hash << 24;
}

HT_INLINE size_t first_of(const struct store *s, uint64_t hash)
{
    return bucket_at(s, hash);
}

HT_INLINE size_t other_of(const struct store *s, uint64_t hash)
{
    return bucket_at(s, other_part(hash));
}

/* Where a key belongs: reckoned once an operation. */
struct home {
    size_t first, other; /* buckets */
    uint8_t tag;
};

HT_INLINE struct home home_of(const struct store *s, uint64_t hash)
{
    return (struct home){first_of(s, hash), other_of(s, hash), tag_of(hash)};
}

/* Slots are numbered throughout: the first of a bucket, and the one that a bit of the joint set of a
 * key's two buckets is. */
HT_INLINE size_t slots_from(size_t bucket)
{
    return bucket * BUCKET_SLOTS;
}

HT_INLINE size_t slot_of_both(struct home home, size_t at)
{
    return at + either(slots_from(home.first), slots_from(home.other) - SET_BITS, at >= SET_BITS);
}

HT_INLINE uint8_t *tags_of(const struct store *s, size_t bucket)
{
    return s->room.tags + slots_from(bucket);
}

HT_INLINE struct entry *entries_of(const struct store *s, size_t bucket)
{
    return s->room.entries + slots_from(bucket);
}

/* The slots of a bucket, while its tags are still on their way: a hit in 20 MB takes half
 * the time. */
HT_INLINE void prefetch_slots(const struct store *s, size_t bucket)
{
    const char *slots = (const char *)entries_of(s, bucket);
    __builtin_prefetch(slots);
    __builtin_prefetch(slots + LINE);
}

HT_INLINE void prefetch_if(const struct store *s, struct home home, bool wanted)
{
    if (!wanted)
        return;
    prefetch_slots(s, home.first);
    prefetch_slots(s, home.other);
}

/* When the slots are asked for: if a tag is found; in any case, since a key that is not there will
 * be; or they have been. */
enum slots { SLOTS_IF_FOUND, SLOTS_NEEDED, SLOTS_ASKED };

HT_INLINE unsigned home_match(const struct store *s, struct home home)
{
    return both_match(tags_of(s, home.first), tags_of(s, home.other), home.tag);
}

/* Whether a key is there, and in which slot. */
HT_INLINE bool store_look(const struct store *s, uint64_t key, struct home home, enum slots slots,
                          size_t *slot)
{
    prefetch_if(s, home, slots == SLOTS_NEEDED);
    unsigned same = home_match(s, home);
    if (same == 0)
        return false;
    prefetch_if(s, home, slots == SLOTS_IF_FOUND);
    for (; same; same &= same - 1) {
        *slot = slot_of_both(home, first_slot(same));
        if (__builtin_expect(s->room.entries[*slot].key == key, 1))
            return true;
    }
    return false;
}

HT_INLINE bool store_find(const struct store *s, uint64_t key, uint64_t hash, size_t *slot)
{
    return store_look(s, key, home_of(s, hash), SLOTS_IF_FOUND, slot);
}

/* What store_find will look at: first the tags ... */
HT_INLINE void store_ask(const struct store *s, uint64_t hash)
{
    __builtin_prefetch(tags_of(s, first_of(s, hash)));
    __builtin_prefetch(tags_of(s, other_of(s, hash)));
}

/* ... and, from what has come of them, the first entry whose tag it is. */
HT_INLINE void store_ask_entry(const struct store *s, uint64_t hash)
{
    struct home home = home_of(s, hash);
    unsigned same = home_match(s, home);
    if (same)
        __builtin_prefetch(s->room.entries + slot_of_both(home, first_slot(same)));
}

/* ---- one entry ------------------------------------------------------------------- */

HT_INLINE void put_there(struct store *s, size_t slot, uint8_t tag, struct entry entry)
{
    s->room.tags[slot] = tag;
    s->room.entries[slot] = entry;
}

/* The first free slot of a bucket that has one. */
HT_INLINE size_t free_slot(const struct store *s, size_t bucket)
{
    return slots_from(bucket) + first_slot(bucket_free(tags_of(s, bucket)));
}

/* The bucket in which the entry of a slot does not lie; its own, if it has no second. */
HT_INLINE size_t elsewhere_of(const struct store *s, size_t slot, uint64_t seed)
{
    uint64_t hash = ht_hash(s->room.entries[slot].key, seed);
    return first_of(s, hash) ^ other_of(s, hash) ^ slot / BUCKET_SLOTS;
}

/* So many entries are looked at together, and the one that finds the emptiest bucket moves:
 * their lines come at the same time, and nothing has to be guessed. */
enum { PUSH_TOGETHER = BUCKET_SLOTS < 4 ? BUCKET_SLOTS : 4 };

/* Which of some buckets is the emptiest; PUSH_TOGETHER if all are full. */
HT_INLINE unsigned emptiest_of(const struct store *s, const size_t *to)
{
    unsigned most = 0;
    for (unsigned i = 0; i < PUSH_TOGETHER; i += 2) {
        HT_PROBE();
        HT_PROBE();
        struct both_free free = both_free(tags_of(s, to[i]), tags_of(s, to[i + 1]));
        unsigned first = free.first * PUSH_TOGETHER + i;
        unsigned second = free.second * PUSH_TOGETHER + i + 1;
        most = first > most ? first : most;
        most = second > most ? second : most;
    }
    return most < PUSH_TOGETHER ? PUSH_TOGETHER : most % PUSH_TOGETHER;
}

/* A full bucket's entry moves to its other bucket, and a new one takes its slot; false if the
 * other buckets of all are full. */
HT_INLINE bool push_from(struct store *s, size_t from, uint8_t tag, struct entry entry,
                         uint64_t seed)
{
    size_t start = slots_from(from);
    for (size_t slot = start; slot < start + BUCKET_SLOTS; slot += PUSH_TOGETHER) {
        size_t to[PUSH_TOGETHER];
        for (unsigned i = 0; i < PUSH_TOGETHER; i++) {
            to[i] = elsewhere_of(s, slot + i, seed);
            __builtin_prefetch(tags_of(s, to[i]));
        }
        unsigned best = emptiest_of(s, to);
        if (best == PUSH_TOGETHER)
            continue;
        put_there(s, free_slot(s, to[best]), s->room.tags[slot + best],
                  s->room.entries[slot + best]);
        put_there(s, slot + best, tag, entry);
        return true;
    }
    return false;
}

/* Both buckets of a new key are full: moves one of their entries to its other bucket, and puts
 * the new key there; false if none of them can move. */
__attribute__((noinline, unused)) static bool store_push(struct store *s, uint64_t hash,
                                                         struct entry entry, uint64_t seed)
{
    size_t first = first_of(s, hash), other = other_of(s, hash);
    return push_from(s, first, tag_of(hash), entry, seed) ||
           push_from(s, other, tag_of(hash), entry, seed);
}

/* From so many entries on, all of a bucket are tried below: there the tree's depth, and with it the
 * probes that are promised, allow for it. */
enum { MANY_ENTRIES = 1024 };

/* The same where none of them can: an entry of the other bucket of one goes to its own
 * other, and that one there. Of 1000 puts into two full buckets one comes here, in small tables
 * ten. */
HT_COLD bool store_push_two(struct store *s, uint64_t hash, struct entry entry, uint64_t seed)
{
    size_t from = slots_from(first_of(s, hash));
    unsigned tries = s->live < MANY_ENTRIES ? BUCKET_SLOTS / 2 : BUCKET_SLOTS;
    for (size_t slot = from; slot < from + tries; slot++) {
        size_t over = elsewhere_of(s, slot, seed);
        if (over != from / BUCKET_SLOTS &&
            push_from(s, over, s->room.tags[slot], s->room.entries[slot], seed)) {
            put_there(s, slot, tag_of(hash), entry);
            return true;
        }
    }
    return false;
}

/* A key that is not there, where one of its buckets has room; false if none has. */
HT_INLINE bool store_insert(struct store *s, struct home home, struct entry entry)
{
    HT_PROBE();
    HT_PROBE();
    struct both_free free = both_free(tags_of(s, home.first), tags_of(s, home.other));
    bool take_other = free.second > free.first;
    unsigned room = free.slots >> SET_BITS * take_other & BUCKET_ALL;
    if (__builtin_expect(room == 0, 0))
        return false;
    size_t bucket = either(home.first, home.other, take_other);
    put_there(s, slots_from(bucket) + first_slot(room), home.tag, entry);
    s->live++;
    return true;
}

/* ... where none has. How many entries have moved for it; 0: it is not in. */
static inline size_t store_make_room(struct store *s, uint64_t hash, struct entry entry,
                                     uint64_t seed)
{
    size_t moved = store_push(s, hash, entry, seed)       ? 1
                   : store_push_two(s, hash, entry, seed) ? 2
                                                          : 0;
    s->live += moved != 0;
    return moved;
}

HT_INLINE void store_erase(struct store *s, size_t slot)
{
    s->room.tags[slot] = 0;
    s->live--;
}

/* ---- one bucket more, one less ---------------------------------------------------- */

/* The bucket that number i came out of, and goes back into. */
static inline size_t buddy_of(size_t i)
{
    return i ^ (size_t)1 << (8 * sizeof i - 1 - (size_t)__builtin_clzl(i));
}

static inline void store_count(struct store *s, size_t count)
{
    s->count = count;
    if (count > s->mask)
        s->mask = 2 * s->mask + 1;
    else if (count == s->mask / 2)
        s->mask /= 2;
}

/* Bucket number `count`, for which there is room, takes what belongs to it out of its buddy,
 * which holds only what belongs to either. How many have moved. */
static size_t store_split(struct store *s, uint64_t seed)
{
    size_t fresh = s->count, buddy = buddy_of(fresh);
    store_count(s, fresh + 1);
    uint8_t *from = tags_of(s, buddy), *to = tags_of(s, fresh);
    struct entry *entries = entries_of(s, buddy), *moved = entries_of(s, fresh);
    size_t both = 2 * (fresh ^ buddy) - 1; /* the bits that tell fresh from its buddy, and both */
    unsigned n = 0;
    memset(to, 0, BUCKET_SLOTS);
    for (unsigned live = bucket_live(from); live; live &= live - 1) {
        size_t slot = first_slot(live);
        uint64_t hash = ht_hash(entries[slot].key, seed);
        unsigned goes = (unsigned)(((hash ^ buddy) & both) != 0) &
                        (unsigned)(((other_part(hash) ^ buddy) & both) != 0);
        moved[n] = entries[slot]; /* the next overwrites what stays here */
        to[n] = from[slot];
        from[slot] &= (uint8_t)(goes - 1);
        n += goes;
        HT_PROBE();
    }
    if (n < BUCKET_SLOTS)
        to[n] = 0;
    return n;
}

/* Entries that a merge found no place for. */
struct homeless {
    unsigned count;
    struct entry entry[BUCKET_SLOTS];
};

/* The last bucket goes back into its buddy; what finds it full goes to its other bucket. How
 * many have moved: those without a place are in none until the caller has found them one, or
 * store_merge_undo. */
static size_t store_merge(struct store *s, uint64_t seed, struct homeless *none)
{
    size_t last = s->count - 1, buddy = buddy_of(last), all = 0;
    const uint8_t *from = tags_of(s, last);
    store_count(s, last);
    none->count = 0;
    unsigned room = bucket_free(tags_of(s, buddy));
    for (unsigned live = bucket_live(from); live; live &= live - 1) {
        size_t slot = first_slot(live);
        struct entry entry = entries_of(s, last)[slot];
        HT_PROBE();
        if (room) {
            put_there(s, slots_from(buddy) + first_slot(room), from[slot], entry);
            room &= room - 1;
            all++;
            continue;
        }
        uint64_t hash = ht_hash(entry.key, seed);
        s->live--;
        if (store_insert(s, home_of(s, hash), entry)) {
            all++;
            continue;
        }
        size_t pushed = store_make_room(s, hash, entry, seed);
        all += 1 + pushed;
        if (!pushed)
            none->entry[none->count++] = entry;
    }
    return all;
}

/* As before a merge: the last bucket is there again, with what found no place. What has moved
 * to other buckets may stay. */
static void store_merge_undo(struct store *s, uint64_t seed, const struct homeless *none)
{
    size_t last = s->count;
    (void)store_split(s, seed);
    for (unsigned i = 0; i < none->count; i++) {
        put_there(s, free_slot(s, last), tag_of(ht_hash(none->entry[i].key, seed)), none->entry[i]);
        s->live++;
    }
}

#endif
