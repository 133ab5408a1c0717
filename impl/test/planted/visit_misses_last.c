/* Planted: an iteration forgets the last slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_next next_rightly
#include "engine/linear.h"
#undef core_next

static bool core_next(const struct core *c, size_t *cursor, uint64_t *key, uint64_t *value)
{
    return next_rightly(c, cursor, key, value) && (c->mask == 0 || *cursor <= c->mask);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, visit_misses_last, .bug = "an iteration stops one slot before the end",
        .seen_as = "visited");
