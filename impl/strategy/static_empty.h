/* static_empty: a cleared table points at one shared, read-only empty table.
 *
 * Invariant: after a clear the table holds nothing until its next put.
 * Cost: a clear is one free, whatever the size; the next put allocates again.
 * Origin: CPython's Py_EMPTY_KEYS; hashbrown, abseil and boost start that way.
 *
 * SPDX-License-Identifier: MIT */
#include "on_request.h"

#define STRATEGY_NEEDS 0u

static const char strategy_summary[] =
    "compact_copy, and a clear frees all and points at a static empty table";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_CLEAR, .words = "a cleared table holds nothing"},
    .make_room = rebuild_to_fit,
    .on_clear = release_all,
    .on_compact = compact_tightly,
    .on_copy = compact_tightly,
};
