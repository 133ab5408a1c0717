/* Planted: an empty table is not shrunk.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t unless_empty(struct view v)
{
    return v.live ? shrink_rightly(v) : HT_KEEP;
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = unless_empty,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, empty_never_shrinks, .bug = "an erase that empties the table does not shrink it",
        .reported = "redis/redis#3262", .seen_as = "it holds more than it may");
