/* Planted: a pop releases nothing.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/dict.h"

#include "strategy/shrink.h"

#define pop pop_rightly
#include "table.h"
#undef pop

static bool pop(struct ht *t, uint64_t *key, uint64_t *value)
{
    bool holding = t->holding;
    t->holding = true;
    bool popped = pop_rightly(t, key, value);
    t->holding = holding;
    return popped;
}

PLANTED(dict, pop_forgets, .bug = "popping does not settle",
        .seen_as = "it holds more than it may");
