/* Planted: a rebuild lands on fewer slots than promised.
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

static size_t clone(struct view v)
{
    (void)v;
    return HT_CLONE;
}

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_PEAK, .words = "as tombstone"},
    .make_room = rebuild_to_fit,
    .on_clear = wipe_all,
    .on_compact = wipe_all,
    .on_copy = clone,
};

#include "table.h"

PLANTED(linear, peak_forgotten,
        .bug = "promises to follow the peak, and a rebuild for want of room goes below it",
        .seen_as = "it holds less than its entries need");
