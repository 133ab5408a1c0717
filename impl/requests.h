/* What a table does alike whether its entries lie in one storage (table.h) or, while
 * they move over, in two (gradual.h): its handle, and the requests that are O(n) by
 * nature or change no entry.
 *
 * A carrier supplies
 *   view_of(t)             the table as the strategy sees it
 *   empty_all(t)           points all storage at the static empty table
 *   free_all(t)            gives all storage back; t->core is then undefined
 *   fill_all(fresh, t)     copies every entry into fresh slots that fit them
 *   live_of(t)             the entries of all storage
 *   is_moving(t)           do entries lie in two storages?
 *   go_on(t, steps)        then moves as many as so many steps do
 *   wipe(t)                drops every entry, keeps the slots
 *   after_request(t)       releases what the strategy wants released, all at once
 *   held_by(t), slots_of_all(t)    bytes and slots of all storage
 * and put, get, del, pop, retain, scan, each, check and image_all.
 *
 * Invariant: new storage is complete before old storage is freed, and storage that stays
 * is changed only when nothing can fail, so a failed step leaves contents, bytes and slots
 * as they were.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_REQUESTS_H
#define EBB_REQUESTS_H

#include "check.h"
#include "define.h"
#include "image.h"
#include "moves.h"
#include "policy.h"

struct ht {
    struct core core;
    struct ht_mem *mem;
    struct ht_config config;
    size_t reserved; /* the floor, in entries */
    bool holding;    /* after `hold`: no automatic release */
    bool debt;       /* a release failed for want of memory; the next change tries again */
    struct moves moves;
    uint64_t shifted, rebuilds, visited;
#ifdef STRATEGY_STEP_MOVES
    struct core old;    /* what entries move from, to `core`; else the static empty table */
    struct sweep sweep; /* how much of it is empty already */
    size_t began;       /* entries when the move began */
    bool moving;        /* `old` holds memory */
    bool shrinking;     /* the move is to fewer slots, and has not turned round */
    bool turned;        /* one has, since the last that shrank the table */
#endif
};

static struct view view_of(const struct ht *t);
static void empty_all(struct ht *t);
static void free_all(struct ht *t);
static void fill_all(struct core *fresh, const struct ht *t);
HT_INLINE size_t live_of(const struct ht *t);
HT_INLINE bool is_moving(const struct ht *t);
static void go_on(struct ht *t, uint64_t steps);
static void wipe(struct ht *t);
static void after_request(struct ht *t);
static size_t held_by(const struct ht *t);
static size_t slots_of_all(const struct ht *t);
static void image_all(const struct ht *t, struct image *image);

static void count_shifts(struct ht *t, size_t entries)
{
    moves_add(&t->moves, t->mem, entries);
    t->shifted += entries;
}

/* ---- one storage --------------------------------------------------------- */

/* How many entries it deleted. */
static size_t retain_in(struct ht *t, struct core *c, uint64_t modulus, uint64_t *sum)
{
    c->shifted = 0;
    size_t deleted = core_retain(c, modulus, sum);
    if (c->shifted)
        count_shifts(t, c->shifted);
    return deleted;
}

static uint64_t scan_in(const struct core *c)
{
    uint64_t sum = 0, key, value;
    size_t cursor = 0;
    while (core_next(c, &cursor, &key, &value))
        sum += ht_entry_sum(key, value);
    return sum;
}

static void each_in(const struct core *c, ht_visit *visit, void *arg)
{
    uint64_t key, value;
    size_t cursor = 0;
    while (core_next(c, &cursor, &key, &value))
        visit(arg, key, value);
}

static bool check_size(size_t slots)
{
    return slots == 0 || core_round(slots) == slots;
}

/* ---- all storage --------------------------------------------------------- */

/* Puts `fresh` in the place of all storage. */
static void replace(struct ht *t, const struct core *fresh)
{
    free_all(t);
    t->core = *fresh;
}

static void release(struct ht *t)
{
    free_all(t);
    empty_all(t);
    t->reserved = 0;
    t->debt = false;
}

/* Counts as moved what has been put where it belongs, as a rebuild into fresh storage does. */
static bool rebuild_in_place(struct ht *t, size_t slots)
{
    if (!core_refit(&t->core, t->mem, slots))
        return false;
    moves_add(&t->moves, t->mem, t->core.live);
    t->rebuilds++;
    t->debt = false;
    return true;
}

__attribute__((noreturn, cold, noinline, unused)) static void bad_target(const struct ht *t,
                                                                         size_t slots)
{
    (void)fprintf(stderr, "the strategy \"%s\" chose %zu slots, usable for %zu entries; %zu live\n",
                  strategy_summary, slots, core_usable(slots), live_of(t));
    abort();
}

/* What a hook chose must hold the entries, and `more` new ones, or they would be written past the
 * slots; 0 is that no size does. */
HT_INLINE void check_target(const struct ht *t, size_t slots, size_t more)
{
    if (__builtin_expect(core_usable(slots) < live_of(t) + more, 0) && slots)
        bad_target(t, slots);
}

/* Moves every live entry into fresh storage of `slots`, which fit them. */
HT_COLD bool rebuild(struct ht *t, size_t slots)
{
    struct core fresh;
    check_target(t, slots, 0);
    if (strategy.in_place && core_view(&t->core).slots)
        return rebuild_in_place(t, slots);
    if (!core_alloc(&fresh, t->mem, slots, &t->core))
        return false;
    fill_all(&fresh, t);
    moves_add(&t->moves, t->mem, fresh.live);
    t->rebuilds++;
    replace(t, &fresh);
    t->debt = false;
    return true;
}

/* A target of any hook, as a rebuild. */
static bool rebuild_or_release(struct ht *t, size_t target)
{
    if (target == HT_KEEP)
        return true;
    if (target == HT_RELEASE) {
        size_t live = view_of(t).live;
        assert(live == 0);
        (void)live;
        release(t);
        return true;
    }
    struct view v = view_of(t);
    if (target != v.slots || v.dead != 0)
        return rebuild(t, target);
    go_on(t, UINT64_MAX);
    return true;
}

/* ---- life ---------------------------------------------------------------- */

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = ht_alloc_handle(mem, sizeof *t);
    if (!t)
        return NULL;
    CHECK(strategy.make_room && strategy.on_clear && strategy.on_copy); /* policy.h: not NULL */
    t->mem = mem;
    t->config = *config;
    empty_all(t);
    size_t slots = strategy.on_create ? strategy.on_create(view_of(t)) : HT_RELEASE;
    struct core fresh;
    if (slots == HT_RELEASE)
        return t;
    if (!core_alloc(&fresh, mem, slots, &t->core)) {
        ht_free_handle(mem, t, sizeof *t);
        return NULL;
    }
    t->core = fresh;
    return t;
}

static void destroy(struct ht *t)
{
    free_all(t);
    ht_free_handle(t->mem, t, sizeof *t);
}

/* ---- requests ------------------------------------------------------------ */

static void clear(struct ht *t)
{
    struct view v = view_of(t);
    size_t target = strategy.on_clear(v);
    struct core fresh;
    if (target == HT_RELEASE) {
        release(t);
    } else if (target == HT_KEEP || target == v.slots) {
        wipe(t);
    } else if (strategy.in_place) {
        wipe(t);
        t->debt = !rebuild(t, target);
    } else if (core_alloc(&fresh, t->mem, target, &t->core)) {
        replace(t, &fresh);
        t->debt = false;
    } else {
        wipe(t);
        t->debt = true;
    }
}

/* Asked for by name, so it goes below the floor, and ends the reservation. */
static bool compact(struct ht *t)
{
    struct view v = view_of(t);
    v.reserved = 0;
    if (!rebuild_or_release(t, strategy.on_compact ? strategy.on_compact(v) : HT_KEEP))
        return false;
    t->reserved = 0;
    after_request(t);
    return true;
}

/* Replaces the storage by a copy as `target` says. */
static bool copy_as(struct ht *t, size_t target)
{
    struct core fresh;
    struct view v = view_of(t);
    if (target == HT_RELEASE) {
        assert(v.live == 0);
        core_empty(&fresh, &t->config);
    } else if (target == HT_CLONE && !is_moving(t)) {
        if (!core_clone(&fresh, t->mem, &t->core))
            return false;
    } else {
        if (target == HT_CLONE)
            target = v.slots;
        check_target(t, target, 0);
        if (!core_alloc(&fresh, t->mem, target, &t->core))
            return false;
        fill_all(&fresh, t);
    }
    moves_add(&t->moves, t->mem, v.live);
    replace(t, &fresh);
    t->debt = false;
    t->reserved = 0;
    after_request(t);
    return true;
}

/* A copy is a new table: nothing is reserved in it. */
static struct view view_to_copy(const struct ht *t)
{
    struct view v = view_of(t);
    v.reserved = 0;
    return v;
}

static bool copy(struct ht *t)
{
    return copy_as(t, strategy.on_copy(view_to_copy(t)));
}

static bool rebuild_copy(struct ht *t)
{
    struct view v = view_to_copy(t);
    if (strategy.on_rebuild_copy)
        return copy_as(t, strategy.on_rebuild_copy(v));
    return copy_as(t, v.live ? fit(v.live) : HT_RELEASE);
}

/* Where the entries do not fit, the strategy says what makes room for the last
 * of them, as it would when it comes. */
static bool reserve(struct ht *t, uint64_t entries)
{
    if (strategy.ignores_reserve)
        return true;
    struct view v = view_of(t);
    bool fits = entries <= v.live || v.usable - v.live - v.dead >= (size_t)entries - v.live;
    if (!fits) {
        v.live = (size_t)entries - 1;
        v.reserved = 0;
        size_t slots = entries > HT_MOST ? 0 : strategy.make_room(v);
        if (!slots)
            return ht_refuse(t->mem) != NULL;
        if (!rebuild(t, slots))
            return false;
    }
    bool lowered = entries < t->reserved;
    t->reserved = (size_t)entries;
    if (lowered)
        after_request(t);
    return true;
}

static void tick(struct ht *t, uint64_t moments)
{
    if (moments && t->debt)
        after_request(t);
    if (!t->holding)
        go_on(t, moments);
}

static void hold(struct ht *t)
{
    t->holding = true;
}

static void resume(struct ht *t)
{
    t->holding = false;
    after_request(t);
}

/* ---- what it tells of itself --------------------------------------------- */

static void stats(const struct ht *t, struct ht_stats *s)
{
    struct view v = view_of(t);
    size_t held = held_by(t);
    *s = (struct ht_stats){
        .live = v.live,
        .dead = v.dead,
        .slots = slots_of_all(t),
        .usable = v.usable,
        .reserved = v.reserved,
        .held = held,
        .reported = core_reported(held, v.profile),
        .debt = t->debt,
        .holding = t->holding,
        .moved = t->moves.all,
        .shifted = t->shifted,
        .moved_most = t->moves.most,
        .rebuilds = t->rebuilds,
        .visited = t->visited,
        .probed = ht_probes,
    };
}

static size_t image(const struct ht *t, unsigned char *bytes, size_t room)
{
    struct image to = {bytes, room, 0};
    image_add(&to, &t->reserved, sizeof t->reserved);
    image_add(&to, &t->holding, sizeof t->holding);
    image_add(&to, &t->debt, sizeof t->debt);
    image_all(t, &to);
    return to.length;
}

static bool rebuild_to(struct ht *t, size_t slots)
{
    return rebuild(t, slots ? core_round(slots) : fit(view_of(t).live));
}

static const struct ht_geometry geometry = {.least = CORE_LEAST,
                                            .round = core_round,
                                            .usable = core_usable,
                                            .bytes = core_bytes,
                                            .probes = core_probes};

/* The descriptor under another symbol and name: for tables outside the registry. */
#define HT_TABLE_AS(symbol, e, s)                                                                  \
    HT_IMPL(symbol, .name = e "/" s, .engine = e, .strategy = s, .summary = strategy_summary,      \
            .traits = ENGINE_TRAITS | HT_MANY, .geometry = &geometry,                              \
            .promise = &strategy.promise, .image = image, .rebuild_to = rebuild_to)
#define HT_TABLE(e, s) HT_TABLE_AS(ht_table_##e##_##s, #e, #s)

#endif
