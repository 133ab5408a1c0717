/* Planted: an entry that goes past two full groups is counted at the first alone.
 *
 * SPDX-License-Identifier: MIT */
#define core_occupy occupy_rightly
#include "engine/group.h"
#undef core_occupy

HT_INLINE void core_occupy(struct core *c, struct place place, uint64_t key, uint64_t value)
{
    struct probe p = probe_start(c, place.hash);
    unsigned room;
    while ((room = group_free(&c->groups[p.group])) == 0) {
        if (p.step == 0)
            group_pass(&c->groups[p.group], class_of(place.hash));
        probe_next(c, &p);
    }
    unsigned slot = first_slot(room);
    group_tag(&c->groups[p.group], slot, tag_of(place.hash));
    c->entries[p.group * GROUP_SLOTS + slot] = (struct entry){key, value};
    c->room--;
    c->live++;
}

#include "strategy/tombstone.h"

#include "table.h"

#include "planted.h"

HT_TABLE_AS(planted_table_passes_uncounted, "group", "passes_uncounted");

const struct planted planted_passes_uncounted = {
    .table = &planted_table_passes_uncounted,
    .bug = "a key that went past two full groups is lost to lookups",
    .seen_as = "not found where it lies",
};
