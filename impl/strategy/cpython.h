/* cpython: what CPython's dict decides, by the version's profile.
 *
 * An erase never gives memory back. A full log is resized by the live count,
 * and that is the only place where a dict shrinks by itself; copies clone or
 * compact by how much of the log is live; a clear points at static empty keys.
 *
 * Invariant: held plus the version's headers is what sys.getsizeof() reports.
 * Cost: a drained dict keeps its memory until insertions have used up what is
 * left of its log: 398,102 of them after 10^6 puts and dels.
 * Origin: Objects/dictobject.c of CPython 3.6 to 3.13: insertion_resize,
 * GROWTH_RATE, ESTIMATE_SIZE, calculate_log2_keysize, dict_merge, PyDict_Copy,
 * PyDict_Clear. Compared with real interpreters: impl/test/cpython_live.py.
 *
 * SPDX-License-Identifier: MIT */
#include "cpython_profile.h"
#include "policy.h"

#define STRATEGY_NEEDS HT_PROFILED
#define STRATEGY_NEEDS_WHY "needs an engine that is laid out as CPython's dict is"

/* The power of two that a request for `slots` gets. */
static size_t python_slots(const struct cpython_profile *p, size_t slots)
{
    size_t round = CPYTHON_LEAST;
    if (p->or_rounding)
        slots |= CPYTHON_LEAST;
    while (round < slots)
        round *= 2;
    return round;
}

static size_t python_new(struct view v)
{
    return cpython_profiles[v.profile].new_has_slots ? CPYTHON_LEAST : HT_RELEASE;
}

static size_t python_make_room(struct view v)
{
    const struct cpython_profile *p = &cpython_profiles[v.profile];
    return python_slots(p, p->grows_by_half ? v.live * 2 + v.slots / 2 : v.live * 3);
}

static size_t python_clear(struct view v)
{
    (void)v;
    return HT_RELEASE;
}

/* A merge into an empty dict that has `slots`. */
static size_t python_merge(struct view v, bool has_slots)
{
    const struct cpython_profile *p = &cpython_profiles[v.profile];
    if (v.live == 0)
        return has_slots ? CPYTHON_LEAST : HT_RELEASE;
    bool no_holes = v.live == v.extent;
    bool half_full = v.slots == CPYTHON_LEAST || core_usable(v.slots / 2) < v.live;
    if (p->call_clones && no_holes && half_full)
        return HT_CLONE;
    if (has_slots && core_usable(CPYTHON_LEAST) >= v.live)
        return CPYTHON_LEAST;
    return python_slots(p, (v.live * 3 + 1) / 2);
}

static size_t python_copy(struct view v)
{
    const struct cpython_profile *p = &cpython_profiles[v.profile];
    if (!p->copy_clones && v.slots == 0)
        return HT_RELEASE; /* 3.6 takes the static keys for shared ones, and shares them */
    if (p->copy_clones && v.live && v.live >= v.extent * 2 / 3)
        return HT_CLONE;
    return python_merge(v, p->new_has_slots);
}

static size_t python_call(struct view v)
{
    return python_merge(v, cpython_profiles[v.profile].call_has_slots);
}

static const char strategy_summary[] =
    "CPython's own: shrinks only when an insertion finds the log full";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_CPYTHON, .words = "what the real interpreter reports"},
    .on_create = python_new,
    .make_room = python_make_room,
    .on_clear = python_clear,
    .on_copy = python_copy,
    .on_rebuild_copy = python_call,
    .ignores_reserve = true,
};
