/* Planted: a shrink lands without a free slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "planted_strategy.h"

static size_t full(struct view v)
{
    size_t n = v.live > v.reserved ? v.live : v.reserved, slots = slots_at(n, 32);
    return n && slots < v.slots ? slots : shrink_rightly(v);
}

static const struct strategy strategy = {
    .promise = AS_SHRINK,
    .make_room = rebuild_to_fit,
    .after_del = full,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};

#include "table.h"

PLANTED(linear, lands_full, .bug = "a shrink leaves no room, so that the next put grows again",
        .reported = "LemmyNet/lemmy#3536, rust-lang/rust#17645",
        .seen_as = "promise of work is broken");
