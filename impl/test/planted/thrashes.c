/* Planted: every erase rebuilds.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t always(struct view v)
{
    return fit(v.live > v.reserved ? v.live : v.reserved);
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = always,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, thrashes, .bug = "rebuilds at every erase: bytes are kept, work is not",
        .reported = "rust-lang/rust#17645", .seen_as = "promise of work is broken");
