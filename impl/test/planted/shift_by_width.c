/* Planted: the empty table shifts its hash by 64.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

static volatile uint64_t seen_home;

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    seen_home = hash >> (64 - __builtin_popcountll(c->mask));
    return locate_rightly(c, key, hash);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, shift_by_width, .bug = "a hash is shifted by its width where a table has one slot",
        .seen_as = SEEN_BY_SANITIZER);
