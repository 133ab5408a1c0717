/* Planted: the backward shift compares positions without regard to the wrap.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_vacate vacate_rightly
#include "engine/linear_shift.h"
#undef core_vacate

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    size_t hole = place.slot, moved = 0;
    for (size_t i = (hole + 1) & c->mask; c->control[i] != SLOT_FREE; i = (i + 1) & c->mask) {
        size_t home = home_of(c, ht_hash(c->entries[i].key, c->seed));
        if (home > hole)
            continue;
        c->control[hole] = c->control[i];
        c->entries[hole] = c->entries[i];
        hole = i;
        moved++;
    }
    c->control[hole] = SLOT_FREE;
    c->live--;
    c->room++;
    return moved;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear_shift, shift_at_wrap,
        .bug = "the backward shift goes wrong where a run wraps round the end",
        .reported = "aloima/tellydb#21", .seen_as = "not found where it lies");
