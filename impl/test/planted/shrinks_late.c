/* Planted: shrink looks at the wrong threshold, and keeps twice what it promised.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t late(struct view v)
{
    size_t n = v.live > v.reserved ? v.live : v.reserved;
    return n * 64 < v.usable * 11 ? shrink_rightly(v) : HT_KEEP;
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = late,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, shrinks_late, .bug = "shrinks at half the threshold it promised",
        .reported = "dolthub/swiss#37, redis/redis#3262", .seen_as = "it holds more than it may");
