/* Planted: a release that got no memory is forgotten by the next put.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define put put_rightly
#include "table.h"
#undef put

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    t->debt = false;
    return put_rightly(t, key, value);
}

PLANTED(linear, debt_dropped, .bug = "a debt is not paid at the next put", .target = "no_memory",
        .seen_as = "it holds more than it may");
