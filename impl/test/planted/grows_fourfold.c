/* Planted: a table without room takes four times the slots.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t fourfold(struct view v)
{
    return fit(2 * v.live + 1 > v.reserved ? 2 * v.live + 1 : v.reserved);
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = fourfold,
    .after_del = shrink_rightly,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, grows_fourfold, .bug = "growing takes twice the slots that the promise allows",
        .reported = "golang/go#70886", .seen_as = "it holds more than it may");
