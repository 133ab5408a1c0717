/* Planted: a rebuild forgets the last slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_fill fill_rightly
#include "engine/linear.h"
#undef core_fill

static void core_fill(struct core *c, const struct core *from)
{
    struct core less = *from;
    less.mask -= less.mask > 0;
    fill_rightly(c, &less);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, rebuild_forgets_last, .bug = "a rebuild stops one slot before the end",
        .seen_as = "counted anew");
