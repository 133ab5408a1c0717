/* Planted: shrink looks at the wrong threshold, and keeps twice what it promised.
 *
 * SPDX-License-Identifier: MIT */
#include "engine/linear.h"

#include "policy.h"

#define STRATEGY_NEEDS 0u

static size_t room(struct view v)
{
    return fit(v.live + 1);
}

static size_t late(struct view v)
{
    return v.live * 64 < v.usable * 11 && fit(v.live) < v.slots ? fit(v.live) : HT_KEEP;
}

static size_t to_fit(struct view v)
{
    return fit(v.live);
}

static const char strategy_summary[] = "planted";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_FACTOR, .num = 11, .den = 32, .words = "as shrink"},
    .make_room = room,
    .after_del = late,
    .on_clear = to_fit,
    .on_copy = to_fit,
};

#include "table.h"

#include "planted.h"

HT_TABLE_AS(planted_table_shrinks_late, "linear", "shrinks_late");

const struct planted planted_shrinks_late = {
    .table = &planted_table_shrinks_late,
    .bug = "shrinks at half the threshold it promised (dolthub/swiss#37, redis/redis#3262)",
    .seen_as = "it holds more than it may",
};
