/* Planted: the old table is kept until the next rebuild.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_free free_rightly
#include "engine/linear.h"
#undef core_free

/* As if entries still moved over: one of the sizes is never given back. */
static void core_free(struct core *c, struct ht_mem *mem)
{
    if (c->mask + 1 != 16 || c->live == 0)
        free_rightly(c, mem);
}

#include "strategy/shrink.h"

#include "table.h"

PLANTED(linear, two_tables, .bug = "two tables are held for ever where nothing happens",
        .reported = "redis/redis#13605", .seen_as = "the allocator counts");
