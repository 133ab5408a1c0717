/* Planted: a put into a dead slot takes a free slot from the load.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_occupy occupy_rightly
#include "engine/linear.h"
#undef core_occupy

HT_INLINE void core_occupy(struct core *c, struct place place, uint64_t key, uint64_t value)
{
    c->room -= c->control[place.slot] == SLOT_DEAD;
    occupy_rightly(c, place, key, value);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, reuse_counted_twice,
        .bug = "a dead slot that is used again is counted twice for the load",
        .seen_as = "counted anew");
