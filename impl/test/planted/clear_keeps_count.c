/* Planted: a clear keeps the count of entries.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_wipe wipe_rightly
#include "engine/linear.h"
#undef core_wipe

static void core_wipe(struct core *c)
{
    size_t live = c->live;
    wipe_rightly(c);
    c->live = live;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, clear_keeps_count, .bug = "a clear empties the slots and keeps the count",
        .seen_as = "live entries counted anew");
