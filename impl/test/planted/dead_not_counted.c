/* Planted: an erase gives its slot back to the load, though it is dead.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_vacate vacate_rightly
#include "engine/linear.h"
#undef core_vacate

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    c->room++;
    return vacate_rightly(c, place);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, dead_not_counted,
        .bug = "dead slots are not counted for the load, so that no free slot is left in the end",
        .reported = "rchain/rchain#265", .seen_as = "counted anew");
