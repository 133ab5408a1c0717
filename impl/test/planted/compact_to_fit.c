/* Planted: a compact leaves an eighth free.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t loosely(struct view v)
{
    size_t slots = v.live ? fit(v.live) : HT_RELEASE;
    return slots < v.slots ? slots : v.slots;
}

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_COMPACT, .words = "as compact_copy"},
    .make_room = rebuild_to_fit,
    .on_clear = back_to_floor,
    .on_compact = loosely,
    .on_copy = compact_tightly,
};

#include "table.h"

PLANTED(linear, compact_to_fit, .bug = "a compact leaves as much room as an automatic rebuild",
        .seen_as = "it holds more than it may");
