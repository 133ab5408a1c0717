/* A table whose rebuilds take many steps: entries move from one storage to another, a
 * few with every new key and every erase. Included by table.h where a strategy says so
 * by STRATEGY_STEP_MOVES, the most entries that a step moves, and STRATEGY_STEP_SLOTS,
 * the most slots that it looks at for them.
 *
 * Besides what table.h lists an engine supplies
 *   struct sweep                           how much of a storage is empty; zeroed at the start
 *   core_take(c, &sweep, &slots, &entry)   takes out the next entry so that all others are found
 *                                          as before; false: none is left, or no look at a slot
 *   core_vacant(c, hash)                   the place where a key goes that is not there
 * and the core_fill of several into one adds up.
 *
 * A new key goes to the fresh storage (`core`), an erase and a new value to where the key
 * lies. When the load goes the other way, the two may change places: the move turns round
 * and takes back what it has moved. Idle moments go on with it, and requests that are
 * O(n) by nature end it.
 *
 * Invariant: a key lies in one storage. The fresh one has room for all that is left in the
 * old one and for a new key with each step that this takes (start_move). So a put fails
 * only without a move under way, when its table is full and there is no memory.
 * Cost: while entries move, a lookup that finds nothing in the fresh storage looks in the
 * old one too; otherwise a table of two storages costs one test more than one.
 * Origin: Redis' dict; its trap, that a table must end shrinking while it is being filled,
 * is what turning round and start_move's condition are for.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_GRADUAL_H
#define EBB_GRADUAL_H

#include "requests.h"

HT_INLINE size_t live_of(const struct ht *t)
{
    return t->core.live + t->old.live; /* the static empty table's: 0 */
}

HT_INLINE bool is_moving(const struct ht *t)
{
    return t->moving;
}

static struct view view_of(const struct ht *t)
{
    struct view v = core_view(&t->core);
    v.live = live_of(t);
    v.reserved = t->reserved;
    v.profile = t->config.profile;
    return v;
}

static size_t bytes_of(const struct core *c, unsigned profile)
{
    size_t slots = core_view(c).slots;
    return slots ? core_bytes(slots, profile) : 0;
}

static size_t held_by(const struct ht *t)
{
    return bytes_of(&t->core, t->config.profile) + bytes_of(&t->old, t->config.profile);
}

static size_t slots_of_all(const struct ht *t)
{
    return core_view(&t->core).slots + core_view(&t->old).slots;
}

/* ---- two storages ---------------------------------------------------------- */

static void drop_old(struct ht *t)
{
    core_free(&t->old, t->mem);
    core_empty(&t->old, &t->config);
    t->moving = false;
}

static void empty_all(struct ht *t)
{
    core_empty(&t->core, &t->config);
    core_empty(&t->old, &t->config);
}

static void free_all(struct ht *t)
{
    core_free(&t->core, t->mem);
    drop_old(t);
}

static void fill_all(struct core *fresh, const struct ht *t)
{
    core_fill(fresh, &t->old);
    core_fill(fresh, &t->core);
}

/* Entries that may still be put into a storage. */
static size_t room_of(struct view v)
{
    return v.usable - v.live - v.dead;
}

/* The steps that taking all entries out of a storage needs at most: each but the last ends
 * with its share of entries or with its share of slots, of which none is looked at more
 * than twice. */
static size_t steps_to_empty(struct view v)
{
    if (v.live == 0)
        return 0;
    return (v.live + STRATEGY_STEP_MOVES - 1) / STRATEGY_STEP_MOVES +
           2 * v.slots / STRATEGY_STEP_SLOTS;
}

static void end_move(struct ht *t)
{
    drop_old(t);
    t->turned = t->turned && !t->shrinking;
}

static void move_entries(struct ht *t, size_t entries, size_t slots)
{
    struct entry entry;
    size_t moved = 0;
    while (moved < entries && core_take(&t->old, &t->sweep, &slots, &entry)) {
        uint64_t hash = ht_hash(entry.key, t->config.seed);
        core_occupy(&t->core, core_vacant(&t->core, hash), entry.key, entry.value);
        moved++;
    }
    moves_add(&t->moves, t->mem, moved);
    if (t->old.live == 0)
        end_move(t);
}

static size_t times(uint64_t n, size_t most)
{
    size_t all;
    return __builtin_mul_overflow(n, most, &all) ? SIZE_MAX : all;
}

static void go_on(struct ht *t, uint64_t steps)
{
    if (t->moving)
        move_entries(t, times(steps, STRATEGY_STEP_MOVES), times(steps, STRATEGY_STEP_SLOTS));
}

/* The other storage is filled again; it is cleaner than it was, since what has been taken
 * out left free slots. */
static void turn(struct ht *t)
{
    struct core fresh = t->core;
    t->core = t->old;
    t->old = fresh;
    t->sweep = (struct sweep){0};
    t->turned = true;
    t->shrinking = false;
}

/* It must where the rest, and `coming` new entries, have no room: puts have come since it
 * turned round. It may once, where the strategy wants it and everything has room. */
static bool is_to_turn(const struct ht *t, size_t coming)
{
    struct view from = core_view(&t->old), to = core_view(&t->core);
    if (room_of(to) < from.live + coming)
        return true;
    return !t->turned && t->reserved <= from.usable - from.dead &&
           room_of(from) >= to.live + coming && strategy.turns(from, to, t->began);
}

/* A step of the move under way. Not cold: that would be compiled for size, and it is what
 * takes the time of a table that grows. */
__attribute__((noinline)) static void advance(struct ht *t, size_t coming)
{
    if (is_to_turn(t, coming))
        turn(t);
    move_entries(t, STRATEGY_STEP_MOVES, STRATEGY_STEP_SLOTS);
}

/* Begins to move into `slots`, or into more where these would be full before the move is
 * over; false: no memory. */
static bool start_move(struct ht *t, size_t slots)
{
    struct view v = view_of(t);
    while (core_usable(slots) < v.live + steps_to_empty(v))
        slots = core_round(slots + 1);
    struct core fresh;
    if (!core_alloc(&fresh, t->mem, slots, &t->core))
        return false;
    t->old = t->core;
    t->core = fresh;
    t->sweep = (struct sweep){0};
    t->moving = true;
    t->shrinking = slots < v.slots;
    t->began = v.live;
    t->rebuilds++;
    move_entries(t, STRATEGY_STEP_MOVES, STRATEGY_STEP_SLOTS);
    return true;
}

/* A debt is repaid at once: how few entries are left since it was made, nobody knows. */
HT_COLD bool make_room(struct ht *t)
{
    assert(!t->moving);
    size_t slots = strategy.make_room(view_of(t));
    return t->debt ? rebuild(t, slots) : start_move(t, slots);
}

/* After a change: goes on with the move, or begins one if the strategy wants that. */
HT_COLD void settle(struct ht *t)
{
    if (t->moving) {
        advance(t, 0);
        return;
    }
    size_t target = strategy.after_del(view_of(t));
    if (t->debt || target == HT_RELEASE)
        t->debt = !rebuild_or_release(t, target);
    else
        t->debt = !start_move(t, target);
}

/* Between hold and resume an erase gives nothing back, so it does not move either. */
HT_INLINE void after_del(struct ht *t)
{
    if (t->holding)
        return;
    if (__builtin_expect(t->moving, 0) || t->debt || strategy.after_del(view_of(t)) != HT_KEEP)
        settle(t);
}

/* What is O(n) by nature leaves one storage, of the slots that the strategy wants. */
static void after_request(struct ht *t)
{
    if (t->holding)
        return;
    t->debt = !rebuild_or_release(t, strategy.after_del(view_of(t)));
    go_on(t, UINT64_MAX);
}

/* ---- operations ------------------------------------------------------------ */

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct place place = core_locate(&t->core, key, hash);
    if (place.found) {
        *core_value(&t->core, place) = value;
        return HT_REPLACED;
    }
    if (__builtin_expect(t->moving, 0)) {
        place = core_locate(&t->old, key, hash);
        if (place.found) {
            *core_value(&t->old, place) = value;
            return HT_REPLACED;
        }
        advance(t, 1);
        place = core_vacant(&t->core, hash);
    }
    if (__builtin_expect(!core_has_room(&t->core, place), 0)) {
        if (!make_room(t))
            return HT_NOMEM;
        place = core_vacant(&t->core, hash);
    }
    core_occupy(&t->core, place, key, value);
    if (__builtin_expect(t->debt, 0))
        after_del(t);
    return HT_NEW;
}

/* The storage to look in first while entries move: where most are. */
HT_INLINE bool is_rather_old(const struct ht *t)
{
    return __builtin_expect(t->moving, 0) && t->old.live > t->core.live;
}

HT_INLINE bool get_asked(const struct ht *t, uint64_t key, uint64_t hash, uint64_t *value)
{
    const struct core *c = is_rather_old(t) ? &t->old : &t->core;
    struct place place = core_locate(c, key, hash);
    if (!place.found && __builtin_expect(t->moving, 0)) {
        c = c == &t->old ? &t->core : &t->old;
        place = core_locate(c, key, hash);
    }
    if (place.found)
        *value = *core_value(c, place);
    return place.found;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    return get_asked(t, key, ht_hash(key, t->config.seed), value);
}

HT_INLINE void ask(const struct ht *t, uint64_t hash)
{
    core_ask(&t->core, hash);
    if (t->moving)
        core_ask(&t->old, hash);
}

HT_INLINE void ask_entry(const struct ht *t, uint64_t hash)
{
    core_ask_entry(&t->core, hash);
    if (t->moving)
        core_ask_entry(&t->old, hash);
}

#include "many.h"

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct core *c = is_rather_old(t) ? &t->old : &t->core;
    struct place place = core_locate(c, key, hash);
    if (!place.found && __builtin_expect(t->moving, 0)) {
        c = c == &t->old ? &t->core : &t->old;
        place = core_locate(c, key, hash);
    }
    if (!place.found)
        return false;
    size_t shifted = core_vacate(c, place);
    if (shifted)
        count_shifts(t, shifted);
    after_del(t);
    return true;
}

/* No engine that keeps order is under such a strategy. */
static bool pop(struct ht *t, uint64_t *key, uint64_t *value)
{
    return core_pop(&t->core, key, value);
}

static void wipe(struct ht *t)
{
    drop_old(t);
    t->visited += core_view(&t->core).slots;
    core_wipe(&t->core);
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    uint64_t sum = 0;
    t->visited += slots_of_all(t);
    size_t deleted = retain_in(t, &t->old, modulus, &sum);
    deleted += retain_in(t, &t->core, modulus, &sum);
    if (deleted)
        after_request(t);
    return sum;
}

static uint64_t scan(struct ht *t)
{
    t->visited += slots_of_all(t);
    return scan_in(&t->old) + scan_in(&t->core);
}

/* ---- what it tells of itself ------------------------------------------------ */

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    each_in(&t->old, visit, arg);
    each_in(&t->core, visit, arg);
}

static const char *check_keys_apart(const struct ht *t)
{
    uint64_t key, value;
    size_t cursor = 0;
    while (core_next(&t->old, &cursor, &key, &value))
        if (core_locate(&t->core, key, ht_hash(key, t->config.seed)).found)
            return "a key lies in both storages";
    return NULL;
}

static const char *check(const struct ht *t)
{
    struct view v = view_of(t), from = core_view(&t->old);
    if (t->moving != (from.slots != 0))
        return "an old storage is held without a move, or none with one";
    if (t->moving && from.live == 0 && !t->holding)
        return "an empty old storage is kept";
    if (v.live + v.dead > v.usable)
        return "more slots are live or dead than are usable";
    if (!check_size(v.slots) || !check_size(from.slots))
        return "the number of slots is none that this engine can have";
    const char *wrong = core_check(&t->old);
    if (!wrong)
        wrong = core_check(&t->core);
    return wrong ? wrong : check_keys_apart(t);
}

static void image_all(const struct ht *t, struct image *to)
{
    size_t slots[] = {core_view(&t->old).slots, core_view(&t->core).slots};
    image_add(to, slots, sizeof slots);
    image_add(to, &t->turned, sizeof t->turned);
    if (t->moving) {
        image_add(to, &t->shrinking, sizeof t->shrinking);
        image_add(to, &t->began, sizeof t->began);
        image_add(to, &t->sweep, sizeof t->sweep);
        core_image(&t->old, to);
    }
    core_image(&t->core, to);
}

#endif
