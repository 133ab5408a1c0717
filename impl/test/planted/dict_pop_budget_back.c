/* Planted: a pop gives its index slot back.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_pop pop_rightly
#include "engine/dict.h"
#undef core_pop

static bool core_pop(struct core *c, uint64_t *key, uint64_t *value)
{
    bool popped = pop_rightly(c, key, value);
    c->keys->budget += popped;
    return popped;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_pop_budget_back,
        .bug = "a pop gives budget back though its index slot stays taken, until none is empty",
        .seen_as = "a probe would not end");
