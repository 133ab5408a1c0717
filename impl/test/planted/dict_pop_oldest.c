/* Planted: a pop takes the oldest entry.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_pop pop_rightly
#include "engine/dict.h"
#undef core_pop

static bool core_pop(struct core *c, uint64_t *key, uint64_t *value)
{
    size_t oldest = 0;
    if (c->live < 2)
        return pop_rightly(c, key, value);
    while (!c->log[oldest].hash)
        oldest++;
    *key = c->log[oldest].key;
    *value = c->log[oldest].value;
    core_vacate(c, core_locate(c, *key, c->log[oldest].hash));
    return true;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_pop_oldest, .bug = "a pop takes the oldest entry instead of the newest",
        .seen_as = "the model says");
