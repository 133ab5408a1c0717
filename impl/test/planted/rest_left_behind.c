/* Planted: the old storage is given back before its last entry has moved.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_take take_rightly
#include "engine/group.h"
#undef core_take

/* The last entry of several is lost with its storage. */
static bool core_take(struct core *c, struct sweep *sweep, size_t *slots, struct entry *entry)
{
    struct entry last;
    if (!take_rightly(c, sweep, slots, entry))
        return false;
    if (c->live == 1 && *slots > 0)
        (void)take_rightly(c, sweep, slots, &last);
    return true;
}

#include "strategy/incremental.h"

#include "table.h"

PLANTED(group, rest_left_behind, .bug = "a move ends one entry too early",
        .seen_as = "entries are visited, the model holds");
