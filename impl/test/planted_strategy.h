/* What planted bugs of strategies have in common: a strategy that keeps the promise of
 * shrink, of which each changes one decision.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PLANTED_STRATEGY_H
#define EBB_PLANTED_STRATEGY_H

#include "on_request.h"

#define STRATEGY_NEEDS 0u

#define AS_SHRINK                                                                                  \
    {                                                                                              \
        .shape = HT_PROMISE_FACTOR, .num = 11, .den = 32, .words = "as shrink"                     \
    }

static const char strategy_summary[] = "planted";

static inline size_t shrink_rightly(struct view v)
{
    size_t n = v.live > v.reserved ? v.live : v.reserved, slots = fit(n);
    return n * 32 < v.usable * 11 && slots < v.slots ? slots : HT_KEEP;
}

static inline size_t shrink_on_request(struct view v)
{
    size_t slots = fit(v.live > v.reserved ? v.live : v.reserved);
    return slots < v.slots ? slots : v.slots;
}

#endif
