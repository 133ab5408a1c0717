/* Linear probing with backward shift: erasing closes the hole.
 *
 * The hole is filled by the nearest later entry whose own probe passes over
 * it, which opens a new hole, until a free slot ends the run.
 *
 * Invariant: no slot is ever dead, so a run of taken slots holds live entries only.
 * Cost: an erase moves a number of entries that is constant on average at a
 * fixed load; no rebuild is ever due to erasing.
 * Origin: Knuth, TAOCP vol. 3, section 6.4, algorithm R.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_LINEAR_SHIFT_H
#define EBB_LINEAR_SHIFT_H

#define ENGINE_TRAITS HT_MOVES
#define ENGINE_LEAVES_DEAD false

#include "layout/flat.h"

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    size_t hole = place.slot, moved = 0;
    for (size_t i = (hole + 1) & c->mask; c->control[i] != SLOT_FREE; i = (i + 1) & c->mask) {
        HT_PROBE();
        size_t home = home_of(c, ht_hash(c->entries[i].key, c->seed));
        /* Does the probe of this entry pass over the hole? Distances are taken
         * backwards from the entry, so that runs may wrap round the end. */
        if (((i - home) & c->mask) < ((i - hole) & c->mask))
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

/* Starts behind a free slot, so that no run crosses the start: a shift then
 * brings entries from slots not yet visited into the slot just visited, which
 * is looked at again, and every entry is visited once. */
static size_t core_retain(struct core *c, uint64_t modulus, uint64_t *sum)
{
    size_t before = c->live, start = 0;
    while (c->control[start] != SLOT_FREE)
        start++;
    for (size_t n = 1; n <= c->mask; n++) {
        size_t i = (start + n) & c->mask;
        while (c->control[i] != SLOT_FREE && ht_retain_deletes(c->entries[i].key, modulus))
            c->shifted += core_vacate(c, (struct place){.slot = i});
        if (c->control[i] != SLOT_FREE)
            *sum += ht_entry_sum(c->entries[i].key, c->entries[i].value);
    }
    return before - c->live;
}

#endif
