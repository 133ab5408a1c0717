/* Planted: a lookup compares 7 bits of the hash and not the key.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    for (size_t i = home_of(c, hash); c->control[i] != SLOT_FREE; i = (i + 1) & c->mask)
        if (c->control[i] == place.tag)
            return (struct place){.slot = i, .tag = place.tag, .found = true};
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, tag_is_enough, .bug = "a lookup takes an equal tag for an equal key",
        .seen_as = "the model says");
