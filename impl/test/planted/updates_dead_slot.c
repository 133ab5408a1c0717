/* Planted: a put of a known key writes into a dead slot before it.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    for (size_t i = home_of(c, hash); place.found && i != place.slot; i = (i + 1) & c->mask) {
        if (c->control[i] == SLOT_DEAD) {
            place.slot = i;
            return place;
        }
    }
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, updates_dead_slot,
        .bug = "a put of a known key writes its value into the dead slot it passed",
        .seen_as = "the model says");
