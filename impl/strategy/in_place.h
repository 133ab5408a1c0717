/* in_place: shrink, but a rebuild stays in the storage there is.
 *
 * Growing makes the block longer and then puts every entry where it belongs; shrinking
 * does that first and then gives back the end of the block.
 *
 * Invariant: as shrink's; and a rebuild never holds more than the larger of before
 * and after, where one into fresh storage holds their sum.
 * Cost: an entry may be copied twice, as it may have to make way. What realloc does
 * to make a block longer is the C library's: glibc remaps large ones and copies none.
 * A copy is a second table all the same.
 * Origin: abseil's rehash in place of deleted slots; GLib, which also gives back
 * the rest by realloc.
 *
 * SPDX-License-Identifier: MIT */
#include "shrinking.h"

#define STRATEGY_NEEDS 0u

static const char strategy_summary[] = "as shrink, but a rebuild takes no second block";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_FACTOR,
                .num = LOW_NUM,
                .den = LOW_DEN,
                .in_place = true,
                .words = "as shrink, and a step holds no more than the more of before and after"},
    .make_room = shrink_make_room,
    .after_del = shrink_after_del,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
    .in_place = true,
};
