/* Planted: a clear keeps the slots.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t wipe_all(struct view v)
{
    (void)v;
    return HT_KEEP;
}

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_CLEAR, .words = "as static_empty"},
    .make_room = rebuild_to_fit,
    .on_clear = wipe_all,
    .on_compact = compact_tightly,
    .on_copy = compact_tightly,
};

#include "table.h"

PLANTED(linear, clear_wipes, .bug = "a clear keeps all memory though it promised to release it",
        .reported = "redis/redis#4796, golang/go#70617", .seen_as = "it holds more than it may");
