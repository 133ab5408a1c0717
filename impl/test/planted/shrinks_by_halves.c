/* Planted: an erase shrinks to one half at most.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t halve(struct view v)
{
    size_t slots = shrink_rightly(v);
    return slots == HT_KEEP || slots * 2 >= v.slots ? HT_KEEP : v.slots / 2;
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = halve,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, shrinks_by_halves, .bug = "an erase halves the table even where a quarter would do",
        .reported = "redis/redis#12850", .seen_as = "it holds more than it may");
