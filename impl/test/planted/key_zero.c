/* Planted: the key 0 stands for an empty slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    place.found = place.found && key != 0;
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, key_zero, .bug = "the key 0 is taken for an empty slot and never found",
        .seen_as = "the model says");
