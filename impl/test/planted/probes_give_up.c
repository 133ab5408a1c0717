/* Planted: a lookup gives up after four slots.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

enum { PROBES_MOST = 4 };

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    if (place.found && ((place.slot - home_of(c, hash)) & c->mask) >= PROBES_MOST)
        place.found = false;
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, probes_give_up,
        .bug = "a lookup gives up after a fixed number of probes, which weak hashes exceed",
        .target = "hostile", .seen_as = "the model says");
