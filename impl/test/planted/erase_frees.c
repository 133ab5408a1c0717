/* Planted: an erase writes "free", which cuts the probes that pass over the slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_vacate vacate_rightly
#include "engine/linear.h"
#undef core_vacate

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    c->control[place.slot] = SLOT_FREE;
    c->live--;
    c->room++;
    return 0;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, erase_frees, .bug = "an erase writes free instead of dead",
        .reported = "rofl0r/htab#1, Vethanis/pim#17", .seen_as = "not found where it lies");
