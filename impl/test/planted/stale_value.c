/* Planted: a put of a known key keeps the old value.
 *
 * SPDX-License-Identifier: MIT */
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

#include "planted.h"

HT_TABLE_AS(planted_table_stale_value, "dict", "stale_value");

const struct planted planted_stale_value = {
    .table = &planted_table_stale_value,
    .bug = "a put of a known key does not store its value",
    .seen_as = "the model says",
};
