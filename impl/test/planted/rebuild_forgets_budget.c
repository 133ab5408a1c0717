/* Planted: a rebuild does not count what it moved.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_fill fill_rightly
#include "engine/linear.h"
#undef core_fill

static void core_fill(struct core *c, const struct core *from)
{
    fill_rightly(c, from);
    c->room = core_usable(c->mask + 1);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, rebuild_forgets_budget, .bug = "a rebuild leaves the budget of a fresh table",
        .seen_as = "dead slots counted anew");
