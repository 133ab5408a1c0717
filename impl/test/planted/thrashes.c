/* Planted: every erase rebuilds.
 *
 * SPDX-License-Identifier: MIT */
#include "engine/linear.h"

#include "policy.h"

#define STRATEGY_NEEDS 0u

static size_t room(struct view v)
{
    return fit(v.live + 1);
}

static size_t always(struct view v)
{
    return fit(v.live);
}

static const char strategy_summary[] = "planted";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_FACTOR, .num = 11, .den = 32, .words = "as shrink"},
    .make_room = room,
    .after_del = always,
    .on_clear = always,
    .on_copy = always,
};

#include "table.h"

#include "planted.h"

HT_TABLE_AS(planted_table_thrashes, "linear", "thrashes");

const struct planted planted_thrashes = {
    .table = &planted_table_thrashes,
    .bug = "rebuilds at every erase: bytes are kept, work is not (rust-lang/rust#17645)",
    .seen_as = "the promise of work is broken",
};
