/* Groups of slots probed at once; erasing frees the slot.
 *
 *      groups   | 8 counts, 13 tags | ...                       16 bytes a group
 *      entries  | key value | key value | ...    13 of them     208 bytes a group
 *
 * Invariant: a slot is live or free, never dead; a live entry is found from its home
 * along groups whose count of its class is not 0 (layout/group_tags.h).
 * Cost: 17.2 bytes a slot, load limit 7/8. An erase takes back what its insertion
 * counted, so churn leaves no debt: only a count that ever reached its most, which
 * takes 7 entries of one class past one group, stays until a rebuild or a wipe.
 * Origin: abseil's flat_hash_map and boost's; see layout/group_tags.h.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_GROUP_H
#define EBB_GROUP_H

#define ENGINE_TRAITS 0u

#include "layout/group_tags.h"

#include "image.h"
#include "policy.h"
#include "probes.h"

enum { CORE_LEAST = GROUP_SLOTS };

struct core {
    struct group *groups;
    struct entry *entries; /* behind the groups, in the same block */
    size_t mask;           /* groups - 1 */
    size_t live;
    uint64_t seed;
    size_t room;    /* usable - live */
    size_t shifted; /* no entry is ever moved to close a hole */
};

struct place {
    uint64_t hash;
    size_t group;
    unsigned slot;       /* of the group, if found ... */
    struct entry *entry; /* ... and what it holds */
    bool found;
};

/* The group of every empty table; never written, being constant. */
static const struct group empty_group __attribute__((aligned(16)));

static inline size_t core_round(size_t slots)
{
    return round_doubling(CORE_LEAST, slots);
}

/* The load limit is 7/8; at least one slot stays free. */
static inline size_t core_usable(size_t slots)
{
    return slots - (slots + 7) / 8;
}

/* Every group once. */
static size_t core_probes(size_t slots)
{
    return slots ? slots / GROUP_SLOTS : 1;
}

static size_t block_bytes(size_t slots)
{
    return slots / GROUP_SLOTS * sizeof(struct group) + slots * sizeof(struct entry);
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
    *c = (struct core){.groups = (struct group *)(uintptr_t)&empty_group, .seed = config->seed};
}

static bool holds_nothing(const struct core *c)
{
    return c->groups == &empty_group;
}

static size_t slots_of(const struct core *c)
{
    return (c->mask + 1) * GROUP_SLOTS;
}

static struct view core_view(const struct core *c)
{
    if (holds_nothing(c))
        return (struct view){0};
    return (struct view){.live = c->live,
                         .slots = slots_of(c),
                         .usable = core_usable(slots_of(c)),
                         .extent = c->live};
}

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    assert(slots && core_round(slots) == slots);
    size_t count = slots / GROUP_SLOTS;
    struct group *groups = ht_alloc(mem, block_bytes(slots));
    if (!groups)
        return false;
    memset(groups, 0, count * sizeof *groups);
    *c = (struct core){.groups = groups,
                       .entries = (struct entry *)(void *)(groups + count),
                       .mask = count - 1,
                       .room = core_usable(slots),
                       .seed = like->seed};
    return true;
}

static void core_free(struct core *c, struct ht_mem *mem)
{
    if (!holds_nothing(c))
        ht_free(mem, c->groups, block_bytes(slots_of(c)));
}

/* ---- probing --------------------------------------------------------------- */

/* From home in growing steps, 1, 2, 3 groups: every group once, as their number is a
 * power of two. */
struct probe {
    size_t group, step;
};

HT_INLINE struct probe probe_start(const struct core *c, uint64_t hash)
{
    return (struct probe){.group = (size_t)(hash >> HASH_USED) & c->mask};
}

HT_INLINE void probe_next(const struct core *c, struct probe *p)
{
    p->group = (p->group + ++p->step) & c->mask;
}

/* Ends where no entry of the class went on, and at the latest after every group. */
HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    unsigned char tag = tag_of(hash);
    unsigned class = class_of(hash);
    struct probe p = probe_start(c, hash);
    do {
        const struct group *g = &c->groups[p.group];
        HT_PROBE();
        unsigned same = group_match(g, tag);
        if (same) {
            struct entry *entries = c->entries + p.group * GROUP_SLOTS;
            /* Two lines, where the slots taken first lie: without it a hit in 32 MB took
             * 1.3 times as long as boost's, which does the same; with it 0.9. */
            __builtin_prefetch(entries);
            __builtin_prefetch(entries + 4);
            do {
                unsigned slot = first_slot(same);
                /* A tag is there, so this is no static empty table, and entries is not NULL.
                 * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
                if (__builtin_expect(entries[slot].key == key, 1))
                    return (struct place){hash, p.group, slot, &entries[slot], true};
                same &= same - 1;
            } while (same);
        }
        if (__builtin_expect(!group_passed(g, class), 1))
            break;
        probe_next(c, &p);
    } while (p.step <= c->mask);
    return (struct place){.hash = hash};
}

HT_INLINE void core_ask(const struct core *c, uint64_t hash)
{
    __builtin_prefetch(&c->groups[probe_start(c, hash).group]);
}

/* The first entry of its tag. */
HT_INLINE void core_ask_entry(const struct core *c, uint64_t hash)
{
    size_t group = probe_start(c, hash).group;
    unsigned same = group_match(&c->groups[group], tag_of(hash));
    if (same)
        __builtin_prefetch(&c->entries[group * GROUP_SLOTS + first_slot(same)]);
}

/* Where a key goes that is not there: core_occupy finds out. */
HT_INLINE struct place core_vacant(const struct core *c, uint64_t hash)
{
    (void)c;
    return (struct place){.hash = hash};
}

HT_INLINE bool core_has_room(const struct core *c, struct place place)
{
    (void)place;
    return c->room > 0;
}

/* Ends because there was room, and every group is on the way. */
HT_INLINE void insert(struct core *c, uint64_t hash, struct entry entry)
{
    struct probe p = probe_start(c, hash);
    unsigned room;
    HT_PROBE();
    while (__builtin_expect((room = group_free(&c->groups[p.group])) == 0, 0)) {
        HT_PROBE();
        group_pass(&c->groups[p.group], class_of(hash));
        probe_next(c, &p);
    }
    unsigned slot = first_slot(room);
    group_tag(&c->groups[p.group], slot, tag_of(hash));
    c->entries[p.group * GROUP_SLOTS + slot] = entry;
}

HT_INLINE void core_occupy(struct core *c, struct place place, uint64_t key, uint64_t value)
{
    insert(c, place.hash, (struct entry){key, value});
    c->room--;
    c->live++;
}

HT_INLINE uint64_t *core_value(const struct core *c, struct place place)
{
    (void)c;
    return &place.entry->value;
}

/* Frees the slot, and takes back what the entry's insertion counted. */
HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    group_tag(&c->groups[place.group], place.slot, 0);
    struct probe p = probe_start(c, place.hash);
    for (; __builtin_expect(p.group != place.group, 0); probe_next(c, &p)) {
        HT_PROBE();
        group_unpass(&c->groups[p.group], class_of(place.hash));
    }
    c->room++;
    c->live--;
    return 0;
}

/* ---- the whole table --------------------------------------------------------- */

static void core_wipe(struct core *c)
{
    if (holds_nothing(c))
        return;
    memset(c->groups, 0, (c->mask + 1) * sizeof *c->groups);
    c->live = 0;
    c->room = core_usable(slots_of(c));
}

static void core_fill(struct core *c, const struct core *from)
{
    for (size_t i = 0; i <= from->mask; i++) {
        for (unsigned live = group_live(&from->groups[i]); live; live &= live - 1) {
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as in core_locate */
            struct entry entry = from->entries[i * GROUP_SLOTS + first_slot(live)];
            insert(c, ht_hash(entry.key, c->seed), entry);
        }
    }
    c->live += from->live;
    c->room -= from->live;
}

static void vacate_slot(struct core *c, size_t group, unsigned slot)
{
    uint64_t hash = ht_hash(c->entries[group * GROUP_SLOTS + slot].key, c->seed);
    (void)core_vacate(c, (struct place){.hash = hash, .group = group, .slot = slot});
}

/* How much of a storage is empty: the groups before this one. */
struct sweep {
    size_t at;
};

HT_INLINE bool core_take(struct core *c, struct sweep *sweep, size_t *slots, struct entry *entry)
{
    while (c->live && *slots) {
        unsigned live = group_live(&c->groups[sweep->at]);
        if (live) {
            unsigned slot = first_slot(live);
            *entry = c->entries[sweep->at * GROUP_SLOTS + slot];
            vacate_slot(c, sweep->at, slot);
            return true;
        }
        sweep->at++;
        *slots -= *slots < GROUP_SLOTS ? *slots : GROUP_SLOTS;
    }
    return false;
}

/* Puts the entry in slot `at`, which waits, into the first group from its home that has a
 * slot where none stays: where it lies, if that is there; else a free one, or one where
 * another waits, which comes to `at` in return. */
static void settle_entry(struct core *c, size_t at)
{
    struct entry entry = c->entries[at];
    uint64_t hash = ht_hash(entry.key, c->seed);
    struct probe p = probe_start(c, hash);
    HT_PROBE();
    while (group_settled(&c->groups[p.group]) == GROUP_ALL) {
        HT_PROBE();
        probe_next(c, &p);
    }
    struct group *from = &c->groups[at / GROUP_SLOTS], *to = &c->groups[p.group];
    unsigned own = 1u << at % GROUP_SLOTS;
    unsigned open = to == from ? own : group_free(to) ? group_free(to) : group_waiting(to);
    unsigned slot = first_slot(open);
    if (!(group_waiting(to) >> slot & 1)) { /* free, and `at` will be */
        group_tag(from, first_slot(own), 0);
        group_wait(from, group_waiting(from) & ~own);
    }
    c->entries[at] = c->entries[p.group * GROUP_SLOTS + slot];
    c->entries[p.group * GROUP_SLOTS + slot] = entry;
    group_tag(to, slot, tag_of(hash));
    group_wait(to, group_waiting(to) & ~(1u << slot));
}

/* Adds to the counts in `groups`, one for each of c's, what went past each. */
static void count_passed(const struct core *c, struct group *groups)
{
    for (size_t i = 0; i <= c->mask; i++) {
        for (unsigned live = group_live(&c->groups[i]); live; live &= live - 1) {
            uint64_t key = c->entries[i * GROUP_SLOTS + first_slot(live)].key;
            uint64_t hash = ht_hash(key, c->seed);
            for (struct probe p = probe_start(c, hash); p.group != i; probe_next(c, &p))
                group_pass(&groups[p.group], class_of(hash));
        }
    }
}

/* The entries lie behind the larger number of groups meanwhile. Counts are made anew. */
static bool core_refit(struct core *c, struct ht_mem *mem, size_t slots)
{
    size_t before = c->mask + 1, count = slots / GROUP_SLOTS;
    size_t most = before > count ? before : count;
    struct group *groups = c->groups;
    if (count > before)
        groups = ht_grow(mem, groups, block_bytes(slots_of(c)), block_bytes(slots));
    else if (!ht_may_shrink(mem))
        return false;
    if (!groups)
        return false;
    memmove(groups + most, groups + before, before * GROUP_SLOTS * sizeof *c->entries);
    memset(groups + before, 0, (most - before) * sizeof *groups);
    c->groups = groups;
    c->entries = (struct entry *)(void *)(groups + most);
    c->mask = count - 1;
    c->room = core_usable(slots) - c->live;
    for (size_t i = 0; i < before; i++)
        group_wait(&groups[i], group_live(&groups[i]));
    for (size_t i = 0; i < before; i++)
        while (group_waiting(&groups[i]))
            settle_entry(c, i * GROUP_SLOTS + first_slot(group_waiting(&groups[i])));
    if (count < before) {
        memmove(groups + count, c->entries, slots * sizeof *c->entries);
        c->groups = ht_shrink(mem, groups, block_bytes(before * GROUP_SLOTS), block_bytes(slots));
        c->entries = (struct entry *)(void *)(c->groups + count);
    }
    count_passed(c, c->groups);
    return true;
}

static bool core_clone(struct core *c, struct ht_mem *mem, const struct core *from)
{
    if (holds_nothing(from)) {
        *c = *from;
        return true;
    }
    if (!core_alloc(c, mem, slots_of(from), from))
        return false;
    memcpy(c->groups, from->groups, block_bytes(slots_of(from)));
    c->live = from->live;
    c->room = from->room;
    return true;
}

static bool core_pop(struct core *c, uint64_t *key, uint64_t *value)
{
    (void)c, (void)key, (void)value; /* no order is kept */
    return false;
}

static size_t core_retain(struct core *c, uint64_t modulus, uint64_t *sum)
{
    size_t before = c->live;
    for (size_t i = 0; i <= c->mask; i++) {
        for (unsigned live = group_live(&c->groups[i]); live; live &= live - 1) {
            unsigned slot = first_slot(live);
            struct entry entry = c->entries[i * GROUP_SLOTS + slot];
            if (ht_retain_deletes(entry.key, modulus))
                vacate_slot(c, i, slot);
            else
                *sum += ht_entry_sum(entry.key, entry.value);
        }
    }
    return before - c->live;
}

HT_INLINE bool core_next(const struct core *c, size_t *cursor, uint64_t *key, uint64_t *value)
{
    for (size_t i = *cursor; i <= c->mask * GROUP_SLOTS + GROUP_SLOTS - 1;) {
        size_t group = i / GROUP_SLOTS;
        unsigned live = group_live(&c->groups[group]) >> (i - group * GROUP_SLOTS);
        if (live == 0) {
            i = (group + 1) * GROUP_SLOTS;
            continue;
        }
        i += first_slot(live);
        *key = c->entries[i].key;
        *value = c->entries[i].value;
        *cursor = i + 1;
        return true;
    }
    *cursor = slots_of(c);
    return false;
}

/* What a free slot once held does not matter. */
static void core_image(const struct core *c, struct image *image)
{
    if (holds_nothing(c))
        return;
    image_add(image, c->groups, (c->mask + 1) * sizeof *c->groups);
    for (size_t i = 0; i <= c->mask; i++)
        for (unsigned live = group_live(&c->groups[i]); live; live &= live - 1)
            image_add(image, &c->entries[i * GROUP_SLOTS + first_slot(live)], sizeof *c->entries);
}

/* Counts anew what went past every group; `anew` has one element a group, all 0. */
static const char *check_passed(const struct core *c, struct group *anew)
{
    count_passed(c, anew);
    for (size_t i = 0; i <= c->mask; i++)
        if (!check_agrees(&c->groups[i], &anew[i]))
            return "entries that went past a group, counted anew, differ from the count kept";
    return NULL;
}

static const char *check_places(const struct core *c)
{
    for (size_t i = 0; i <= c->mask; i++) {
        for (unsigned live = group_live(&c->groups[i]); live; live &= live - 1) {
            const struct entry *entry = &c->entries[i * GROUP_SLOTS + first_slot(live)];
            struct place place = core_locate(c, entry->key, ht_hash(entry->key, c->seed));
            if (!place.found)
                return "a live key is not found where it lies";
            if (place.entry != entry)
                return "a key lies in two slots";
        }
    }
    return NULL;
}

static const char *core_check(const struct core *c)
{
    static const struct group zero;
    if (memcmp(empty_group.byte, zero.byte, sizeof zero.byte) != 0)
        return "the static empty table has been written to";
    if (holds_nothing(c))
        return c->live ? "the static empty table has live entries" : NULL;
    size_t live = 0;
    for (size_t i = 0; i <= c->mask; i++)
        live += (size_t)__builtin_popcount(group_live(&c->groups[i]));
    if (live != c->live)
        return "live entries counted anew differ from the count kept";
    if (c->live + c->room != core_usable(slots_of(c)))
        return "live entries and room differ from what is usable";
    const char *wrong = check_places(c);
    if (wrong)
        return wrong;
    struct group *anew = calloc(c->mask + 1, sizeof *anew);
    CHECK(anew);
    wrong = check_passed(c, anew);
    free(anew);
    return wrong;
}

#endif
