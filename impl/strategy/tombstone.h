/* tombstone: erase and forget; slots are never given back.
 *
 * Without room the table is rebuilt into slots that fit what is live, but never
 * into fewer than it has, so dead slots are reclaimed and memory is not.
 *
 * Invariant: slots never decrease before the table is destroyed.
 * Cost: the cheapest erase there is; after a purge every scan and every byte
 * still pays for the largest size ever reached.
 * Origin: the default of most tables in use (khash, abseil, hashbrown, Go, .NET).
 *
 * SPDX-License-Identifier: MIT */
#include "policy.h"

#define STRATEGY_NEEDS 0u

static size_t make_room_never_fewer(struct view v)
{
    size_t slots = fit(v.live + 1);
    return slots && slots < v.slots ? v.slots : slots; /* 0: no size holds so many */
}

static size_t clear_wipes(struct view v)
{
    (void)v;
    return HT_KEEP;
}

static size_t copy_clones(struct view v)
{
    (void)v;
    return HT_CLONE;
}

static const char strategy_summary[] =
    "erases and forgets: memory follows the most entries ever live";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_PEAK, .words = "bytes follow the most entries ever live"},
    .make_room = make_room_never_fewer,
    .on_clear = clear_wipes,
    .on_copy = copy_clones,
};
