/* Planted: an erase does not give its slot back.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_vacate vacate_rightly
#include "engine/linear_shift.h"
#undef core_vacate

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    size_t moved = vacate_rightly(c, place);
    c->room -= moved > 0;
    return moved;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear_shift, shift_keeps_budget,
        .bug = "an erase that closes its hole does not count the free slot",
        .seen_as = "dead slots counted anew");
