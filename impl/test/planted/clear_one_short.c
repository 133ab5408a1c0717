/* Planted: a clear forgets the last slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_wipe wipe_rightly
#include "engine/linear.h"
#undef core_wipe

static void core_wipe(struct core *c)
{
    unsigned char last = c->control[c->mask];
    wipe_rightly(c);
    if (!holds_nothing(c))
        c->control[c->mask] = last;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, clear_one_short, .bug = "a clear stops one slot before the end",
        .seen_as = "counted anew");
