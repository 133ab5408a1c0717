/* Planted: the last erase releases nothing.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_DRAIN, .words = "as drain_release"},
    .make_room = rebuild_to_fit,
    .on_clear = release_all,
    .on_compact = compact_tightly,
    .on_copy = compact_tightly,
};

#include "table.h"

PLANTED(linear, drain_keeps,
        .bug = "an emptied table keeps its memory though it promised to hold nothing",
        .reported = "apache/bookkeeper#3061", .seen_as = "it holds more than it may");
