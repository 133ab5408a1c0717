/* Planted: a reserve makes no room.
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
    if (entries < t->reserved)
        return reserve_rightly(t, entries);
    t->reserved = (size_t)entries;
    return true;
}

PLANTED(linear, reserve_makes_no_room,
        .bug = "a reserve only notes the floor, so that puts rebuild all the same",
        .reported = "abseil/abseil-cpp#906", .seen_as = "it holds less than its entries need");
