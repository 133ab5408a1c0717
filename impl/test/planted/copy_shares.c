/* Planted: a copy shares the storage of its original.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_clone clone_rightly
#include "engine/linear.h"
#undef core_clone

static bool core_clone(struct core *c, struct ht_mem *mem, const struct core *from)
{
    if (from->live < 2)
        return clone_rightly(c, mem, from);
    *c = *from;
    return true;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, copy_shares,
        .bug = "a copy shares the storage of its original, which is then freed",
        .seen_as = SEEN_BY_SANITIZER);
