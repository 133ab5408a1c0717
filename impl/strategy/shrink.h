/* shrink: an erase that leaves too few entries for the slots rebuilds at once.
 *
 * Invariant: after every operation at least 11/32 of usable is live, or the
 * slots are the fit of the live entries or of the reserved floor.
 * Cost: halving moves 11/16 of the new usable; it takes at least 5/16 of it in
 * puts before the table grows again, and as many dels before it is back, so a
 * sawtooth around the threshold moves 27/16 for 10/16 steps: 2.7 entries a step.
 * Origin: GLib's GHashTable (live <= (size - 1) / 4), V8's Map (1/4), tidwall's
 * hashmap.c (1/10), Redis (1/8); the headroom on landing is the cure for Redis'
 * landing at load 1.0, where the very next insert grows again.
 *
 * SPDX-License-Identifier: MIT */
#include "shrinking.h"

#define STRATEGY_NEEDS 0u

static const char strategy_summary[] =
    "rebuilds when an erase leaves fewer than 11/32 of usable live";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_FACTOR,
                .num = LOW_NUM,
                .den = LOW_DEN,
                .words =
                    "bytes stay within a factor of live, above the floor, after every operation"},
    .make_room = shrink_make_room,
    .after_del = shrink_after_del,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
};
