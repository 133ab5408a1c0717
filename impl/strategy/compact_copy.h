/* compact_copy: erase and forget, until somebody asks for a compact copy.
 *
 * Invariant: right after a compact or a copy the slots are the fewest that hold
 * the live entries with 1/32 free.
 * Cost: one rebuild, when the caller says so and at the caller's expense;
 * until then as tombstone, but that a rebuild for want of room lands on fit.
 * Origin: dict(d) and copy.copy(d) in Python, shrink_to_fit in Rust, TrimExcess
 * in .NET, rehash(0) in C++: what users are told to call.
 *
 * SPDX-License-Identifier: MIT */
#include "on_request.h"

#define STRATEGY_NEEDS 0u

static size_t clear_wipes(struct view v)
{
    (void)v;
    return HT_KEEP;
}

static const char strategy_summary[] =
    "keeps everything until asked, then copies into the fewest slots";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_COMPACT,
                .words = "fit right after each compact or copy, until then the peak since"},
    .make_room = rebuild_to_fit,
    .on_clear = clear_wipes,
    .on_compact = compact_tightly,
    .on_copy = compact_tightly,
};
