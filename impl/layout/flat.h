/* The storage of the linear engines: one control byte and one entry a slot,
 * linear probing. An engine adds how a slot is vacated.
 *
 *      entries  | key value | key value | key value | ...      16 bytes each
 *      control  |     T     |     .     |     x     | ...       1 byte each
 *
 * T: live, with 7 bits of the hash (0x80 | tag); '.': free (0); x: dead (1).
 *
 * Invariant: at least one slot is free, so every probe ends; between a live
 * entry and its home no slot is free.
 * Cost: 17 bytes a slot. At the load limit of 3/4 a miss looks at 8.5 slots
 * and a hit at 2.5 on average (Knuth, TAOCP vol. 3, 6.4, eqs. 22 and 23); the
 * control bytes of a miss lie in one cache line as a rule.
 * Origin: the textbook; control bytes as in khash and abseil.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_FLAT_H
#define EBB_FLAT_H

#include "define.h"
#include "entry.h"
#include "image.h"
#include "policy.h"
#include "probes.h"

#include <string.h>

#ifdef HT_HARD
enum { CORE_LEAST = 2 };
#else
enum { CORE_LEAST = 8 };
#endif

enum { SLOT_FREE = 0, SLOT_DEAD = 1, SLOT_LIVE = 0x80 };

struct core {
    unsigned char *control; /* behind the entries, in the same block */
    struct entry *entries;
    size_t mask; /* slots - 1 */
    size_t live;
    size_t room;    /* usable - live - dead: free slots that may still be taken */
    size_t shifted; /* entries moved by the last core_retain */
    uint64_t seed;
};

struct place {
    size_t slot;
    unsigned char tag;
    bool found;
};

/* The control byte of every empty table's single slot; never written, being constant. */
static const unsigned char empty_control[1] = {SLOT_FREE};

static inline size_t core_round(size_t slots)
{
    return round_doubling(CORE_LEAST, slots);
}

/* The load limit is 3/4; at least one slot stays free. */
static inline size_t core_usable(size_t slots)
{
    return slots - (slots + 3) / 4;
}

/* Every slot that is not free, and a free one. */
static size_t core_probes(size_t slots)
{
    return core_usable(slots) + 1;
}

static size_t block_bytes(size_t slots)
{
    return slots * (sizeof(struct entry) + 1);
}

static size_t core_bytes(size_t slots, unsigned profile)
{
    (void)profile;
    return block_bytes(slots);
}

static size_t core_reported(size_t held, unsigned profile)
{
    (void)profile;
    return held;
}

static void core_empty(struct core *c, const struct ht_config *config)
{
    *c = (struct core){.control = (unsigned char *)(uintptr_t)empty_control, .seed = config->seed};
}

static bool holds_nothing(const struct core *c)
{
    return c->control == empty_control;
}

static struct view core_view(const struct core *c)
{
    if (holds_nothing(c))
        return (struct view){0};
    size_t slots = c->mask + 1;
    size_t usable = core_usable(slots);
    return (struct view){.live = c->live,
                         .dead = usable - c->room - c->live,
                         .slots = slots,
                         .usable = usable,
                         .extent = c->live};
}

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    assert(slots && core_round(slots) == slots);
    struct entry *entries = ht_alloc(mem, block_bytes(slots));
    if (!entries)
        return false;
    *c = (struct core){.control = (unsigned char *)(entries + slots),
                       .entries = entries,
                       .mask = slots - 1,
                       .room = core_usable(slots),
                       .seed = like->seed};
    memset(c->control, SLOT_FREE, slots);
    return true;
}

static void core_free(struct core *c, struct ht_mem *mem)
{
    if (!holds_nothing(c))
        ht_free(mem, c->entries, block_bytes(c->mask + 1));
}

HT_INLINE size_t home_of(const struct core *c, uint64_t hash)
{
    return (size_t)(hash >> 7) & c->mask;
}

HT_INLINE unsigned char tag_of(uint64_t hash)
{
    return (unsigned char)(SLOT_LIVE | (hash & 0x7f));
}

/* Ends because one slot is free. A new key takes the first dead slot on its
 * way, if there is one. */
HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = {.slot = SIZE_MAX, .tag = tag_of(hash)};
    size_t i = home_of(c, hash);
    for (;; i = (i + 1) & c->mask) {
        unsigned char control = c->control[i];
        HT_PROBE();
        if (control == place.tag && c->entries[i].key == key) {
            place.slot = i;
            place.found = true;
            return place;
        }
        if (control == SLOT_FREE)
            break;
        if (ENGINE_LEAVES_DEAD && control == SLOT_DEAD && place.slot == SIZE_MAX)
            place.slot = i;
    }
    if (!ENGINE_LEAVES_DEAD || place.slot == SIZE_MAX)
        place.slot = i;
    return place;
}

/* The two lie at the same place of their arrays: neither waits for the other. The static empty
 * table has no entries, and no pointer may be made from NULL. */
HT_INLINE void core_ask(const struct core *c, uint64_t hash)
{
    size_t home = home_of(c, hash);
    uintptr_t entry = (uintptr_t)c->entries + home * sizeof *c->entries;
    __builtin_prefetch(&c->control[home]);
    __builtin_prefetch((const void *)entry);
}

HT_INLINE void core_ask_entry(const struct core *c, uint64_t hash)
{
    (void)c, (void)hash;
}

/* Where a key goes that is not there: what core_locate would find, and no key is looked at. */
HT_INLINE struct place core_vacant(const struct core *c, uint64_t hash)
{
    size_t i = home_of(c, hash);
    for (HT_PROBE(); c->control[i] & SLOT_LIVE; HT_PROBE())
        i = (i + 1) & c->mask;
    return (struct place){.slot = i, .tag = tag_of(hash)};
}

HT_INLINE bool core_has_room(const struct core *c, struct place place)
{
    return c->room > 0 || (ENGINE_LEAVES_DEAD && c->control[place.slot] == SLOT_DEAD);
}

HT_INLINE void core_occupy(struct core *c, struct place place, uint64_t key, uint64_t value)
{
    c->room -= c->control[place.slot] == SLOT_FREE;
    c->control[place.slot] = place.tag;
    /* There was room, so this is no static empty table, and entries is not NULL.
     * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    c->entries[place.slot] = (struct entry){key, value};
    c->live++;
}

HT_INLINE uint64_t *core_value(const struct core *c, struct place place)
{
    return &c->entries[place.slot].value;
}

static void core_wipe(struct core *c)
{
    if (holds_nothing(c))
        return;
    memset(c->control, SLOT_FREE, c->mask + 1);
    c->live = 0;
    c->room = core_usable(c->mask + 1);
}

/* No key is there twice, so the first free slot from home is the place. */
static void core_fill(struct core *c, const struct core *from)
{
    for (size_t i = 0; i <= from->mask; i++) {
        if (!(from->control[i] & SLOT_LIVE))
            continue;
        uint64_t hash = ht_hash(from->entries[i].key, from->seed);
        size_t to = home_of(c, hash);
        for (HT_PROBE(); c->control[to] != SLOT_FREE; HT_PROBE())
            to = (to + 1) & c->mask;
        c->control[to] = tag_of(hash);
        c->entries[to] = from->entries[i];
    }
    c->live += from->live;
    c->room -= from->live;
}

/* How much of a storage is empty. */
struct sweep {
    size_t at;    /* the slot to look at next */
    size_t found; /* a free slot is; all from `at` up to it are free, but for `at` itself */
};

/* First a free slot is sought, upwards; then slots are freed, downwards from there, so that
 * each is the end of a run and no probe passes over it. */
HT_INLINE bool core_take(struct core *c, struct sweep *sweep, size_t *slots, struct entry *entry)
{
    while (c->live && *slots) {
        size_t i = sweep->at;
        unsigned char control = c->control[i];
        --*slots;
        if (!sweep->found) {
            sweep->found = control == SLOT_FREE;
            sweep->at = (sweep->found ? i - 1 : i + 1) & c->mask;
            continue;
        }
        sweep->at = (i - 1) & c->mask;
        if (control == SLOT_FREE)
            continue;
        c->control[i] = SLOT_FREE;
        c->room++;
        if (control & SLOT_LIVE) {
            c->live--;
            *entry = c->entries[i];
            return true;
        }
    }
    return false;
}

static bool core_clone(struct core *c, struct ht_mem *mem, const struct core *from)
{
    if (holds_nothing(from)) {
        *c = *from;
        return true;
    }
    if (!core_alloc(c, mem, from->mask + 1, from))
        return false;
    memcpy(c->entries, from->entries, block_bytes(from->mask + 1));
    c->live = from->live;
    c->room = from->room;
    return true;
}

/* What lies in `slots` slots of c's block. */
static void point_into_block(struct core *c, struct entry *entries, size_t slots)
{
    c->entries = entries;
    c->control = (unsigned char *)(entries + slots);
    c->mask = slots - 1;
    c->room = core_usable(slots) - c->live;
}

/* Puts the entry of slot i, which waits, into the first slot from its home that is free or
 * waits too. All slots before that hold what stays there, so it is found; in return slot i
 * gets what waited there. */
static void settle_entry(struct core *c, size_t i)
{
    struct entry entry = c->entries[i];
    uint64_t hash = ht_hash(entry.key, c->seed);
    size_t to = home_of(c, hash);
    for (HT_PROBE(); c->control[to] & SLOT_LIVE; HT_PROBE())
        to = (to + 1) & c->mask;
    c->control[i] = c->control[to];
    c->control[to] = tag_of(hash);
    c->entries[i] = c->entries[to];
    c->entries[to] = entry;
}

/* Makes the control bytes of `from` slots those of `to`, of which the live wait. */
static void make_all_wait(unsigned char *control, size_t from, size_t to)
{
    for (size_t i = 0; i < from; i++)
        control[i] = control[i] & SLOT_LIVE ? SLOT_DEAD : SLOT_FREE;
    memset(control + from, SLOT_FREE, to - from);
}

/* Entries wait for their turn in slots marked dead. The control bytes lie behind the
 * entries of the larger number of slots meanwhile. Abseil's in-place rehash does the
 * same with deleted slots. */
static bool core_refit(struct core *c, struct ht_mem *mem, size_t slots)
{
    size_t before = c->mask + 1, most = before > slots ? before : slots;
    struct entry *entries = c->entries;
    if (slots > before)
        entries = ht_grow(mem, entries, block_bytes(before), block_bytes(slots));
    else if (slots < before && !ht_may_shrink(mem))
        return false;
    if (!entries)
        return false;
    unsigned char *control = (unsigned char *)(entries + most);
    memmove(control, entries + before, before);
    make_all_wait(control, before, most);
    point_into_block(c, entries, slots);
    c->control = control;
    for (size_t i = 0; i < before; i++)
        while (control[i] == SLOT_DEAD)
            settle_entry(c, i);
    if (slots < before) {
        memmove(entries + slots, control, slots);
        entries = ht_shrink(mem, entries, block_bytes(before), block_bytes(slots));
    }
    point_into_block(c, entries, slots);
    return true;
}

static bool core_pop(struct core *c, uint64_t *key, uint64_t *value)
{
    (void)c, (void)key, (void)value; /* no order is kept */
    return false;
}

static bool core_next(const struct core *c, size_t *cursor, uint64_t *key, uint64_t *value)
{
    for (size_t i = *cursor; i <= c->mask; i++) {
        if (!(c->control[i] & SLOT_LIVE))
            continue;
        *key = c->entries[i].key;
        *value = c->entries[i].value;
        *cursor = i + 1;
        return true;
    }
    *cursor = c->mask + 1;
    return false;
}

/* What a dead or free slot once held does not matter. */
static void core_image(const struct core *c, struct image *image)
{
    if (holds_nothing(c))
        return;
    image_add(image, c->control, c->mask + 1);
    for (size_t i = 0; i <= c->mask; i++)
        if (c->control[i] & SLOT_LIVE)
            image_add(image, &c->entries[i], sizeof c->entries[i]);
}

static const char *core_check(const struct core *c)
{
    if (empty_control[0] != SLOT_FREE)
        return "the static empty table has been written to";
    size_t live = 0, dead = 0;
    for (size_t i = 0; i <= c->mask; i++) {
        live += (c->control[i] & SLOT_LIVE) != 0;
        dead += c->control[i] == SLOT_DEAD;
    }
    if (live != c->live)
        return "live entries counted anew differ from the count kept";
    if (holds_nothing(c))
        return NULL;
    if (live + dead > c->mask)
        return "no slot is free: a probe would not end";
    if (c->room != core_usable(c->mask + 1) - live - dead)
        return "dead slots counted anew differ from the count kept";
    if (dead && !ENGINE_LEAVES_DEAD)
        return "a slot is dead in an engine that leaves none";
    for (size_t i = 0; i <= c->mask; i++) {
        if (!(c->control[i] & SLOT_LIVE))
            continue;
        uint64_t key = c->entries[i].key;
        struct place place = core_locate(c, key, ht_hash(key, c->seed));
        if (!place.found)
            return "a live key is not found where it lies";
        if (place.slot != i)
            return "a key lies in two slots";
    }
    return NULL;
}

#endif
