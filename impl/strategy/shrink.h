/* shrink: an erase that leaves too few entries for the slots rebuilds at once.
 *
 * Invariant: after every operation at least 11/32 of usable is live, or the
 * slots are the fit of the live entries or of the reserved floor.
 * Cost: halving moves 11/16 of the new usable; it takes at least 5/16 of it in
 * puts before the table grows again, and as many dels before it is back, so a
 * sawtooth around the threshold moves 27/16 for 10/16 steps: 2.7 entries a step.
 * Origin: GLib's GHashTable (live <= (size - 1) / 4), V8's Map (1/4), tidwall's
 * hashmap.c (1/10), Redis (1/8); the headroom on landing is the cure for Redis'
 * landing at load 1.0, where the very next insert grows again.
 *
 * SPDX-License-Identifier: MIT */
#include "on_request.h"

#define STRATEGY_NEEDS 0u

/* The lowest share of live in usable. 11/32 because `dict` takes up to 30 bytes
 * per usable entry (24 for the log, 4 * 3/2 for the index): 30 * 32/11 = 87.3
 * bytes per live entry at worst, under the 90 that we set ourselves; 1/3 would
 * just miss it, and a higher share moves more in a sawtooth (3/8: 3.5 a step). */
enum { LOW_NUM = 11, LOW_DEN = 32 };

static size_t above_floor(struct view v)
{
    return v.live > v.reserved ? v.live : v.reserved;
}

static size_t shrink_target(struct view v)
{
    return fit(above_floor(v));
}

static size_t shrink_after_del(struct view v)
{
    if (above_floor(v) * LOW_DEN >= v.usable * LOW_NUM)
        return HT_KEEP;
    size_t slots = shrink_target(v);
    return slots < v.slots ? slots : HT_KEEP;
}

static size_t shrink_make_room(struct view v)
{
    v.live++;
    return shrink_target(v);
}

/* Asked for: never more slots than there are. */
static size_t shrink_on_request(struct view v)
{
    size_t slots = shrink_target(v);
    return slots < v.slots ? slots : v.slots;
}

static const char strategy_summary[] =
    "rebuilds when an erase leaves fewer than 11/32 of usable live";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_FACTOR,
                .num = LOW_NUM,
                .den = LOW_DEN,
                .words =
                    "bytes stay within a factor of live, above the floor, after every operation"},
    .make_room = shrink_make_room,
    .after_del = shrink_after_del,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};
