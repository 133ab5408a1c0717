/* Planted: a failed rebuild leaks.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_alloc alloc_rightly
#include "engine/linear.h"
#undef core_alloc

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    if (alloc_rightly(c, mem, slots, like))
        return true;
    (void)ht_alloc(mem, sizeof(struct entry));
    return false;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, leak_on_failure, .bug = "a rebuild that gets one block of two leaks it",
        .target = "no_memory", .seen_as = "reports no memory");
