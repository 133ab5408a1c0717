/* Planted: a put while entries move does not look for its key where they come from.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/group.h"

#include "strategy/incremental.h"

#define put put_rightly
#include "table.h"
#undef put

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct place place = core_locate(&t->core, key, hash);
    if (!t->moving || place.found || !core_has_room(&t->core, place))
        return put_rightly(t, key, value);
    core_occupy(&t->core, place, key, value);
    return HT_NEW;
}

PLANTED(group, put_twice_while_moving,
        .bug = "a key that has not moved yet is put a second time, into the fresh storage",
        .seen_as = "put answers a new key, the model says a known key");
