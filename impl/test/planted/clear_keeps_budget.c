/* Planted: a clear does not give the free slots back.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_wipe wipe_rightly
#include "engine/linear.h"
#undef core_wipe

static void core_wipe(struct core *c)
{
    size_t room = c->room;
    wipe_rightly(c);
    c->room = room;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, clear_keeps_budget, .bug = "a clear frees the slots and forgets to count them",
        .seen_as = "dead slots counted anew");
