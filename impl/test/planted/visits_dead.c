/* Planted: an iteration yields erased entries.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_next next_rightly
#include "engine/linear.h"
#undef core_next

static bool core_next(const struct core *c, size_t *cursor, uint64_t *key, uint64_t *value)
{
    if (*cursor > c->mask || c->control[*cursor] != SLOT_DEAD)
        return next_rightly(c, cursor, key, value);
    *key = c->entries[*cursor].key;
    *value = c->entries[*cursor].value;
    ++*cursor;
    return true;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, visits_dead, .bug = "an iteration yields erased entries",
        .reported = "unum-cloud/USearch#727", .seen_as = "visited");
