/* Planted: a rebuild in place forgets the entry that made way for another.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_refit refit_rightly
#include "engine/linear_shift.h"
#undef core_refit

/* As if what waited in the slot taken were not brought to the slot left: it is there twice. */
static bool core_refit(struct core *c, struct ht_mem *mem, size_t slots)
{
    size_t before = c->mask + 1;
    if (!refit_rightly(c, mem, slots))
        return false;
    for (size_t i = 1; slots < before && i < slots; i++) {
        if ((c->control[i - 1] & SLOT_LIVE) && (c->control[i] & SLOT_LIVE)) {
            c->entries[i] = c->entries[i - 1];
            c->control[i] = c->control[i - 1];
        }
    }
    return true;
}

#include "strategy/in_place.h"

#include "table.h"

PLANTED(linear_shift, made_way_lost, .bug = "an entry that makes way for another is overwritten",
        .seen_as = "a key lies in two slots");
