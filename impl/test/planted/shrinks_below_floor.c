/* Planted: an erase shrinks below the floor.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t no_floor(struct view v)
{
    v.reserved = 0;
    return shrink_rightly(v);
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = no_floor,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, shrinks_below_floor, .bug = "an erase shrinks the table below what was reserved",
        .reported = "rust-lang/rust#17645", .seen_as = "it holds less than its entries need");
