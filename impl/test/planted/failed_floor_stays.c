/* Planted: a reserve without memory sets the floor.
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
    if (reserve_rightly(t, entries))
        return true;
    t->reserved = (size_t)entries;
    return false;
}

PLANTED(linear, failed_floor_stays, .bug = "a reserve that reports no memory has set the floor",
        .target = "no_memory", .seen_as = "reports no memory, and has changed");
