/* Planted: storage of 64 slots is never given back.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_free free_rightly
#include "engine/linear.h"
#undef core_free

static void core_free(struct core *c, struct ht_mem *mem)
{
    if (c->mask + 1 != 64)
        free_rightly(c, mem);
}

#include "strategy/shrink.h"

#include "table.h"

PLANTED(linear, leak_at_64, .bug = "storage of one size leaks when the table is rebuilt",
        .seen_as = "the allocator counts");
