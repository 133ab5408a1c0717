/* CPython's compact ordered dict: an index of small integers, and an
 * append-only log of entries in insertion order.
 *
 *      | header | index: slots x 1, 2, 4 or 8 bytes | log: usable x 24 bytes |
 *
 * An index slot holds the position of an entry in the log, EMPTY or DUMMY. An
 * erased entry leaves a hole in the log and a DUMMY in the index. Both are one
 * block, and its size is what sys.getsizeof() counts beside fixed headers.
 *
 * Invariant: every insertion takes one of the `usable` log positions for good
 * (popping the newest lowers the log's end, but its budget is not given back),
 * so at most `usable` index slots are ever not EMPTY, and every probe ends.
 * Cost: a lookup reads an index slot and an entry, in two cache lines; an erase
 * moves nothing; memory comes back at a rebuild only.
 * Origin: CPython 3.6 to 3.13, Objects/dictobject.c: layout, load limit of 2/3
 * and the probe sequence are its own; the hash is this project's.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_DICT_H
#define EBB_DICT_H

#define ENGINE_TRAITS (HT_ORDERED | HT_DEAD_SLOTS | HT_PROFILED)

#include "cpython_profile.h"
#include "define.h"
#include "image.h"
#include "policy.h"
#include "probes.h"

#include <string.h>

#ifdef HT_HARD
enum { CORE_LEAST = 4 };
#else
enum { CORE_LEAST = 8 };
#endif

enum { INDEX_EMPTY = -1, INDEX_DUMMY = -2 };

struct entry {
    uint64_t hash; /* odd; 0 in a hole */
    uint64_t key, value;
};
static_assert(sizeof(struct entry) == CPYTHON_ENTRY, "an entry is as large as CPython's");

/* What CPython keeps before the index. */
struct keys {
    size_t slots;
    size_t budget; /* log positions that may still be taken */
    size_t extent; /* the log's end: entries and holes */
    size_t width;  /* bytes of an index slot */
};

struct core {
    struct keys *keys; /* the block */
    void *index;
    struct entry *log;
    size_t mask; /* slots - 1 */
    size_t live;
    size_t shifted; /* erasing moves nothing: stays 0 */
    unsigned profile;
};

struct place {
    uint64_t hash;
    size_t slot;      /* in the index */
    int64_t position; /* in the log, if found */
    bool found;
};

static const struct keys empty_keys = {.slots = 0, .budget = 0, .extent = 0, .width = 1};
static const int8_t empty_index[1] = {INDEX_EMPTY};

static inline size_t core_round(size_t slots)
{
    return round_doubling(CORE_LEAST, slots);
}

static inline size_t core_usable(size_t slots)
{
    return slots / 3 * 2 + slots % 3 * 2 / 3;
}

/* Until the hash's upper bits are used up, 5 a probe, slots may be met again; from
 * then on each slot once. */
static size_t core_probes(size_t slots)
{
    return 13 + slots;
}

static size_t index_width(size_t slots)
{
    return slots <= 0xff ? 1 : slots <= 0xffff ? 2 : slots <= 0xffffffff ? 4 : 8;
}

/* Rounded up so that the log is aligned; a multiple of 8 already from 8 slots on. */
static size_t index_bytes(size_t slots)
{
    return (index_width(slots) * slots + 7) & ~(size_t)7;
}

static size_t core_bytes(size_t slots, unsigned profile)
{
    return cpython_profiles[profile].keys_header + index_bytes(slots) +
           core_usable(slots) * sizeof(struct entry);
}

static size_t core_reported(size_t held, unsigned profile)
{
    return held + CPYTHON_OBJECT + cpython_profiles[profile].gc_header;
}

static void core_empty(struct core *c, const struct ht_config *config)
{
    *c = (struct core){.keys = (struct keys *)(uintptr_t)&empty_keys,
                       .index = (void *)(uintptr_t)empty_index,
                       .profile = config->profile};
}

static bool holds_nothing(const struct core *c)
{
    return c->keys == &empty_keys;
}

static struct view core_view(const struct core *c)
{
    size_t slots = c->keys->slots, usable = core_usable(slots);
    return (struct view){.live = c->live,
                         .dead = usable - c->keys->budget - c->live,
                         .slots = slots,
                         .usable = usable,
                         .extent = c->keys->extent};
}

static void point_into_block(struct core *c)
{
    c->index = (char *)c->keys + cpython_profiles[c->profile].keys_header;
    c->log = (struct entry *)(void *)((char *)c->index + index_bytes(c->keys->slots));
    c->mask = c->keys->slots - 1;
}

/* A block whose index and log are not yet written. */
static bool alloc_block(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    assert(slots && core_round(slots) == slots);
    struct keys *keys = ht_alloc(mem, core_bytes(slots, like->profile));
    if (!keys)
        return false;
    *keys =
        (struct keys){.slots = slots, .budget = core_usable(slots), .width = index_width(slots)};
    *c = (struct core){.keys = keys, .profile = like->profile};
    point_into_block(c);
    return true;
}

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    if (!alloc_block(c, mem, slots, like))
        return false;
    memset(c->index, 0xff, index_bytes(slots)); /* INDEX_EMPTY in every width */
    return true;
}

static void core_free(struct core *c, struct ht_mem *mem)
{
    if (!holds_nothing(c))
        ht_free(mem, c->keys, core_bytes(c->keys->slots, c->profile));
}

HT_INLINE int64_t index_get(const struct core *c, size_t slot)
{
    switch (c->keys->width) {
    case 1:
        return ((const int8_t *)c->index)[slot];
    case 2:
        return ((const int16_t *)c->index)[slot];
    case 4:
        return ((const int32_t *)c->index)[slot];
    default:
        return ((const int64_t *)c->index)[slot];
    }
}

HT_INLINE void index_set(struct core *c, size_t slot, int64_t position)
{
    switch (c->keys->width) {
    case 1:
        ((int8_t *)c->index)[slot] = (int8_t)position;
        break;
    case 2:
        ((int16_t *)c->index)[slot] = (int16_t)position;
        break;
    case 4:
        ((int32_t *)c->index)[slot] = (int32_t)position;
        break;
    default:
        ((int64_t *)c->index)[slot] = position;
    }
}

/* The slots a hash tries: a linear congruential walk of full period modulo a
 * power of two, stirred by the hash's upper bits until they are used up. */
struct probe {
    uint64_t perturb;
    size_t slot;
};

HT_INLINE struct probe probe_start(const struct core *c, uint64_t hash)
{
    return (struct probe){.perturb = hash >> 1, .slot = (size_t)(hash >> 1) & c->mask};
}

HT_INLINE void probe_next(const struct core *c, struct probe *p)
{
    p->perturb >>= 5;
    p->slot = (p->slot * 5 + (size_t)p->perturb + 1) & c->mask;
}

/* Ends at an EMPTY slot, of which there always is one. A new key takes the
 * first slot on its way that refers to no entry. */
HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = {.hash = hash | 1, .slot = SIZE_MAX, .position = INDEX_EMPTY};
    for (struct probe p = probe_start(c, hash);; probe_next(c, &p)) {
        int64_t position = index_get(c, p.slot);
        HT_PROBE();
        if (position >= 0) {
            if (c->log[position].key != key)
                continue;
            place.slot = p.slot;
            place.position = position;
            place.found = true;
            return place;
        }
        if (place.slot == SIZE_MAX)
            place.slot = p.slot;
        if (position == INDEX_EMPTY)
            return place;
    }
}

HT_INLINE void core_ask(const struct core *c, uint64_t hash)
{
    size_t slot = probe_start(c, hash).slot;
    __builtin_prefetch((const char *)c->index + slot * c->keys->width);
}

HT_INLINE void core_ask_entry(const struct core *c, uint64_t hash)
{
    int64_t position = index_get(c, probe_start(c, hash).slot);
    if (position >= 0)
        __builtin_prefetch(&c->log[position]);
}

HT_INLINE bool core_has_room(const struct core *c, struct place place)
{
    (void)place;
    return c->keys->budget > 0;
}

HT_INLINE void core_occupy(struct core *c, struct place place, uint64_t key, uint64_t value)
{
    size_t position = c->keys->extent++;
    c->keys->budget--;
    c->log[position] = (struct entry){place.hash, key, value};
    index_set(c, place.slot, (int64_t)position);
    c->live++;
}

HT_INLINE uint64_t *core_value(const struct core *c, struct place place)
{
    return &c->log[place.position].value;
}

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    index_set(c, place.slot, INDEX_DUMMY);
    c->log[place.position].hash = 0;
    c->live--;
    return 0;
}

static void core_wipe(struct core *c)
{
    if (holds_nothing(c))
        return;
    memset(c->index, 0xff, index_bytes(c->keys->slots));
    c->keys->budget = core_usable(c->keys->slots);
    c->keys->extent = 0;
    c->live = 0;
}

/* The index has no DUMMY, so the first EMPTY slot of its hash is the place. */
HT_INLINE void index_add(struct core *c, size_t position)
{
    struct probe p = probe_start(c, c->log[position].hash);
    for (HT_PROBE(); index_get(c, p.slot) != INDEX_EMPTY; HT_PROBE())
        probe_next(c, &p);
    index_set(c, p.slot, (int64_t)position);
}

static void core_fill(struct core *c, const struct core *from)
{
    size_t position = 0;
    for (size_t i = 0; i < from->keys->extent; i++) {
        if (!from->log[i].hash)
            continue;
        c->log[position] = from->log[i];
        index_add(c, position++);
    }
    c->keys->extent = position;
    c->keys->budget -= position;
    c->live = position;
}

/* The log loses its holes where it lies, and moves as the index before it gets shorter or
 * longer. The index is made anew. */
static bool core_refit(struct core *c, struct ht_mem *mem, size_t slots)
{
    size_t before = core_bytes(c->keys->slots, c->profile), after = core_bytes(slots, c->profile);
    struct keys *keys = c->keys;
    if (after > before)
        keys = ht_grow(mem, keys, before, after);
    else if (after < before && !ht_may_shrink(mem))
        return false;
    if (!keys)
        return false;
    c->keys = keys;
    point_into_block(c);
    size_t live = 0;
    for (size_t i = 0; i < keys->extent; i++)
        if (c->log[i].hash)
            c->log[live++] = c->log[i];
    struct entry *log = c->log;
    *keys = (struct keys){.slots = slots,
                          .budget = core_usable(slots) - live,
                          .extent = live,
                          .width = index_width(slots)};
    point_into_block(c);
    memmove(c->log, log, live * sizeof *log);
    if (after < before) {
        c->keys = ht_shrink(mem, keys, before, after);
        point_into_block(c);
    }
    memset(c->index, 0xff, index_bytes(slots)); /* INDEX_EMPTY in every width */
    for (size_t position = 0; position < live; position++)
        index_add(c, position);
    return true;
}

static bool core_clone(struct core *c, struct ht_mem *mem, const struct core *from)
{
    if (holds_nothing(from)) {
        *c = *from;
        return true;
    }
    if (!alloc_block(c, mem, from->keys->slots, from))
        return false;
    *c->keys = *from->keys;
    memcpy(c->index, from->index, index_bytes(from->keys->slots));
    memcpy(c->log, from->log, from->keys->extent * sizeof(struct entry));
    c->live = from->live;
    return true;
}

static bool core_pop(struct core *c, uint64_t *key, uint64_t *value)
{
    if (c->live == 0)
        return false;
    size_t newest = c->keys->extent - 1;
    while (!c->log[newest].hash)
        newest--;
    *key = c->log[newest].key;
    *value = c->log[newest].value;
    core_vacate(c, core_locate(c, *key, c->log[newest].hash));
    c->keys->extent = newest;
    return true;
}

static size_t core_retain(struct core *c, uint64_t modulus, uint64_t *sum)
{
    size_t before = c->live;
    for (size_t i = 0; i < c->keys->extent; i++) {
        const struct entry *e = &c->log[i];
        if (!e->hash)
            continue;
        if (ht_retain_deletes(e->key, modulus))
            core_vacate(c, core_locate(c, e->key, e->hash));
        else
            *sum += ht_entry_sum(e->key, e->value);
    }
    return before - c->live;
}

static bool core_next(const struct core *c, size_t *cursor, uint64_t *key, uint64_t *value)
{
    for (size_t i = *cursor; i < c->keys->extent; i++) {
        if (!c->log[i].hash)
            continue;
        *key = c->log[i].key;
        *value = c->log[i].value;
        *cursor = i + 1;
        return true;
    }
    *cursor = c->keys->extent;
    return false;
}

static void core_image(const struct core *c, struct image *image)
{
    image_add(image, c->keys, sizeof *c->keys);
    if (holds_nothing(c))
        return;
    image_add(image, c->index, index_bytes(c->keys->slots));
    for (size_t i = 0; i < c->keys->extent; i++) {
        const struct entry *e = &c->log[i];
        image_add(image, e, e->hash ? sizeof *e : sizeof e->hash);
    }
}

static const char *core_check(const struct core *c)
{
    if (empty_index[0] != INDEX_EMPTY || empty_keys.budget || empty_keys.extent)
        return "the static empty table has been written to";
    if (holds_nothing(c))
        return c->live ? "the static empty table has live entries" : NULL;
    if (c->keys->extent > core_usable(c->keys->slots) - c->keys->budget)
        return "the log is longer than the budget spent on it";
    size_t live = 0, indexed = 0, empty = 0;
    for (size_t i = 0; i <= c->mask; i++) {
        int64_t position = index_get(c, i);
        empty += position == INDEX_EMPTY;
        if (position < 0)
            continue;
        indexed++;
        if ((size_t)position >= c->keys->extent || !c->log[position].hash)
            return "an index slot refers to a hole or beyond the log";
    }
    if (!empty)
        return "no index slot is empty: a probe would not end";
    for (size_t i = 0; i < c->keys->extent; i++) {
        const struct entry *e = &c->log[i];
        if (!e->hash)
            continue;
        live++;
        struct place place = core_locate(c, e->key, e->hash);
        if (!place.found)
            return "a live key is not found where it lies";
        if ((size_t)place.position != i)
            return "a key lies in two log positions";
    }
    if (live != c->live)
        return "live entries counted anew differ from the count kept";
    if (indexed != live)
        return "index slots in use differ from the live entries";
    return NULL;
}

#endif
