/* Planted: every idle moment rebuilds.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define tick tick_rightly
#include "table.h"
#undef tick

static void tick(struct ht *t, uint64_t moments)
{
    tick_rightly(t, moments);
    if (t->core.live)
        (void)rebuild(t, view_of(t).slots);
}

PLANTED(linear, tick_rebuilds, .bug = "idle time is spent on rebuilding for nothing",
        .seen_as = "promise of work is broken");
