/* Planted: a hash of 0 marks a hole.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/dict.h"
#undef core_locate

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    place.hash = hash;
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_hash_zero, .bug = "an entry whose hash is 0 is taken for a hole",
        .target = "hostile", .seen_as = "hole or beyond the log");
