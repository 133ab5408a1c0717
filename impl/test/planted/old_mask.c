/* Planted: a rebuild seeks homes by the old number of slots.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_fill fill_rightly
#include "engine/linear.h"
#undef core_fill

static void core_fill(struct core *c, const struct core *from)
{
    size_t mask = c->mask;
    fill_rightly(c, from);
    if (mask <= from->mask || from->live == 0)
        return;
    memset(c->control, SLOT_FREE, mask + 1);
    for (size_t i = 0; i <= from->mask; i++) {
        if (!(from->control[i] & SLOT_LIVE))
            continue;
        uint64_t hash = ht_hash(from->entries[i].key, from->seed);
        size_t to = home_of(from, hash);
        while (c->control[to] != SLOT_FREE)
            to = (to + 1) & mask;
        c->control[to] = tag_of(hash);
        c->entries[to] = from->entries[i];
    }
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, old_mask, .bug = "a rebuild computes homes with the old mask",
        .seen_as = "not found where it lies");
