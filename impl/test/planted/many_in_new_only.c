/* Planted: a batched lookup looks in the new storage alone.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/group.h"

#include "strategy/incremental.h"

#define call_get_many get_many_rightly
#include "table.h"
#undef call_get_many

static uint32_t call_get_many(const struct ht *t, const uint64_t *keys, uint64_t *values,
                              unsigned n)
{
    uint32_t found = 0;
    for (unsigned i = 0; i < n; i++) {
        struct place place = core_locate(&t->core, keys[i], ht_hash(keys[i], t->config.seed));
        if (place.found)
            values[i] = *core_value(&t->core, place);
        found |= (uint32_t)place.found << i;
    }
    return found;
}

PLANTED(group, many_in_new_only,
        .bug = "a lookup of many keys while entries move misses the old storage",
        .seen_as = "get_many answers a miss");
