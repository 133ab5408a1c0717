/* Planted: a put takes the first DUMMY without looking for the key behind it.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/dict.h"
#undef core_locate

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    for (struct probe p = probe_start(c, hash); place.found && p.slot != place.slot;
         probe_next(c, &p))
        if (index_get(c, p.slot) == INDEX_DUMMY)
            return (struct place){.hash = place.hash, .slot = p.slot, .position = INDEX_EMPTY};
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_first_dummy, .bug = "a lookup stops at the first DUMMY, so a key comes twice",
        .reported = "rui314/chibicc#135", .seen_as = "the model says");
