/* Planted: a copy without memory loses the original.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/compact_copy.h"

#define copy copy_rightly
#include "table.h"
#undef copy

static bool copy(struct ht *t)
{
    if (copy_rightly(t))
        return true;
    release(t);
    return false;
}

PLANTED(linear, failed_copy_empties,
        .bug = "a copy frees the original before it has memory for itself", .target = "no_memory",
        .seen_as = "reports no memory, and has changed");
