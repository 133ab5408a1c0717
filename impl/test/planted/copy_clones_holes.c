/* Planted: a copy takes the holes along.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t clone(struct view v)
{
    (void)v;
    return HT_CLONE;
}

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_COMPACT, .words = "as compact_copy"},
    .make_room = rebuild_to_fit,
    .on_clear = back_to_floor,
    .on_compact = compact_tightly,
    .on_copy = clone,
};

#include "table.h"

PLANTED(linear, copy_clones_holes, .bug = "a copy clones dead slots and all",
        .reported = "python/cpython#76804", .seen_as = "it holds more than it may");
