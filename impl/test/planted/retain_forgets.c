/* Planted: deleting while visiting releases nothing.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define retain retain_rightly
#include "table.h"
#undef retain

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    bool holding = t->holding;
    t->holding = true;
    uint64_t sum = retain_rightly(t, modulus);
    t->holding = holding;
    return sum;
}

PLANTED(linear, retain_forgets, .bug = "retain does not settle",
        .seen_as = "it holds more than it may");
