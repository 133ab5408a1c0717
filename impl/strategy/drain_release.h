/* drain_release: the last erase does what a clear of static_empty does.
 *
 * Invariant: a table without live entries and without a reserved floor holds
 * nothing.
 * Cost: one comparison an erase; a table whose only entry comes and goes pays
 * an allocation and a free each time (the workload `blink`).
 * Origin: uthash, which frees its table with its last element.
 *
 * SPDX-License-Identifier: MIT */
#include "on_request.h"

#define STRATEGY_NEEDS 0u

static size_t release_when_empty(struct view v)
{
    return v.live || v.reserved ? HT_KEEP : HT_RELEASE;
}

static const char strategy_summary[] = "static_empty, and the last erase releases as a clear does";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_DRAIN, .words = "an empty table holds nothing"},
    .make_room = rebuild_to_fit,
    .after_del = release_when_empty,
    .on_clear = release_all,
    .on_compact = compact_tightly,
    .on_copy = compact_tightly,
};
