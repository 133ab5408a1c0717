/* Planted: a compact does nothing.
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
    .promise = {.shape = HT_PROMISE_COMPACT, .words = "as compact_copy"},
    .make_room = rebuild_to_fit,
    .on_clear = back_to_floor,
    .on_compact = keep,
    .on_copy = compact_tightly,
};

#include "table.h"

PLANTED(linear, compact_does_nothing, .bug = "a compact gives nothing back",
        .reported = "Tessil/robin-map#16", .seen_as = "it holds more than it may");
