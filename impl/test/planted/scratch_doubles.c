/* Planted: a rebuild takes a second copy for a while.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_alloc alloc_rightly
#include "engine/linear.h"
#undef core_alloc

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    void *scratch = ht_alloc(mem, core_bytes(slots, 0));
    bool done = scratch && alloc_rightly(c, mem, slots, like);
    ht_free(mem, scratch, core_bytes(slots, 0));
    return done;
}

#include "strategy/shrink.h"

#include "table.h"

PLANTED(linear, scratch_doubles, .bug = "a rebuild holds three tables at once for a moment",
        .seen_as = "broken during the step");
