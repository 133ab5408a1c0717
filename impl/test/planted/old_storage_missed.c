/* Planted: a lookup does not see what has not moved yet.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/incremental.h"

#define get get_rightly
#include "table.h"
#undef get

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    struct place place = core_locate(&t->core, key, ht_hash(key, t->config.seed));
    if (place.found)
        *value = *core_value(&t->core, place);
    return place.found;
}

PLANTED(linear, old_storage_missed, .bug = "a lookup while entries move misses the old storage",
        .seen_as = "get answers a miss, the model says a value");
