/* Planted: an erase shrinks where less than half is live.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t at_half(struct view v)
{
    size_t n = v.live > v.reserved ? v.live : v.reserved, slots = fit(n);
    return n * 2 < v.usable && slots < v.slots ? slots : HT_KEEP;
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = at_half,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, shrinks_at_half,
        .bug = "shrinks at one half, so that a sawtooth round it rebuilds again and again",
        .reported = "vigna/fastutil#60", .seen_as = "promise of work is broken", .target = "greed");
