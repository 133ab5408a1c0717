/* Planted: a table full of dead slots reports no memory.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_alloc alloc_rightly
#include "engine/linear.h"
#undef core_alloc

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    struct view v = core_view(like);
    return (v.dead < v.live || v.live == 0) && alloc_rightly(c, mem, slots, like);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, refuses_when_dead,
        .bug = "a put reports no memory where dead slots would have to be reclaimed",
        .seen_as = "the allocator refused nothing");
