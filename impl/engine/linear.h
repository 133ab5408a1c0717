/* Linear probing with tombstones: erasing leaves a dead slot.
 *
 * Invariant: a dead slot is never free again before a rebuild or a wipe, so no
 * probe that passed over it ends too early; a new key may take it.
 * Cost: an erase moves nothing; dead slots lengthen every probe until a rebuild.
 * Origin: the textbook (Knuth, TAOCP vol. 3, section 6.4); the plainest place to
 * see strategies differ.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_LINEAR_H
#define EBB_LINEAR_H

#define ENGINE_TRAITS HT_DEAD_SLOTS
#define ENGINE_LEAVES_DEAD true

#include "layout/flat.h"

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    c->control[place.slot] = SLOT_DEAD;
    c->live--;
    return 0;
}

static size_t core_retain(struct core *c, uint64_t modulus, uint64_t *sum)
{
    size_t before = c->live;
    for (size_t i = 0; i <= c->mask; i++) {
        if (!(c->control[i] & SLOT_LIVE))
            continue;
        if (ht_retain_deletes(c->entries[i].key, modulus)) {
            c->control[i] = SLOT_DEAD;
            c->live--;
        } else {
            *sum += ht_entry_sum(c->entries[i].key, c->entries[i].value);
        }
    }
    return before - c->live;
}

#endif
