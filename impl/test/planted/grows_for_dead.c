/* Planted: a table without room doubles, whatever is dead.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t grow(struct view v)
{
    return core_round(v.slots + 1);
}

static size_t keep_all(struct view v)
{
    (void)v;
    return HT_KEEP;
}

static size_t clone(struct view v)
{
    (void)v;
    return HT_CLONE;
}

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_PEAK, .words = "as tombstone"},
    .make_room = grow,
    .on_clear = keep_all,
    .on_compact = keep_all,
    .on_copy = clone,
};

#include "table.h"

PLANTED(linear, grows_for_dead,
        .bug = "dead slots make the table grow though the live count is constant",
        .reported = "golang/go#16070, cockroachdb/swiss#4", .seen_as = "it holds more than it may");
