/* Planted: a clear goes below the floor.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t to_least(struct view v)
{
    return v.slots ? core_round(1) : HT_KEEP;
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = shrink_rightly,
    .on_clear = to_least,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, clear_below_floor, .bug = "a clear forgets the floor that was reserved",
        .seen_as = "it holds less than its entries need");
