/* Planted: no erase shrinks the table.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t keep(struct view v)
{
    (void)v;
    return HT_KEEP;
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = keep,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, never_shrinks, .bug = "promises a factor of live and never shrinks",
        .reported = "dolthub/swiss#37", .seen_as = "it holds more than it may");
