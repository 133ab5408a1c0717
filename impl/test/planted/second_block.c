/* Planted: a rebuild in place takes a second block.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_refit refit_rightly
#include "engine/linear.h"
#undef core_refit

static bool core_refit(struct core *c, struct ht_mem *mem, size_t slots)
{
    struct core fresh;
    if (!core_alloc(&fresh, mem, slots, c))
        return false;
    core_fill(&fresh, c);
    core_free(c, mem);
    *c = fresh;
    return true;
}

#include "strategy/in_place.h"

#include "table.h"

PLANTED(linear, second_block, .bug = "a rebuild in place holds two blocks at a time",
        .seen_as = "broken during the step");
