/* Planted: a reserve makes room and forgets the floor.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define reserve reserve_rightly
#include "table.h"
#undef reserve

static bool reserve(struct ht *t, uint64_t entries)
{
    bool done = reserve_rightly(t, entries);
    t->reserved /= 2;
    return done;
}

PLANTED(linear, reserve_forgotten, .bug = "a floor is made room for and then forgotten",
        .seen_as = "it holds less than its entries need");
