/* Planted: a rebuild brings an erased entry back.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_fill fill_rightly
#include "engine/linear.h"
#undef core_fill

static void core_fill(struct core *c, const struct core *from)
{
    struct core raised = *from;
    size_t i = 0;
    while (i < from->mask && from->control[i] != SLOT_DEAD)
        i++;
    bool ghost = from->control[i] == SLOT_DEAD && from->live + 1 < c->room;
    if (ghost) {
        from->control[i] = tag_of(ht_hash(from->entries[i].key, from->seed));
        raised.live++;
    }
    fill_rightly(c, &raised);
}

#include "strategy/compact_copy.h"

#include "table.h"

PLANTED(linear, ghost, .bug = "a rebuild copies a dead entry as a live one: a ghost",
        .reported = "unum-cloud/USearch#769", .seen_as = "the model");
