/* Planted: a put of a known key keeps the old value.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_value value_rightly
#include "engine/dict.h"
#undef core_value

/* Hands out a copy: what is stored there is lost. */
static uint64_t copied;

HT_INLINE uint64_t *core_value(const struct core *c, struct place place)
{
    copied = *value_rightly(c, place);
    return &copied;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, stale_value, .bug = "a put of a known key does not store its value",
        .seen_as = "the model says");
