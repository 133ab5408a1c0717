/* Planted: an erase does not take back what its entry's insertion counted.
 *
 * SPDX-License-Identifier: MIT */
#define core_vacate vacate_rightly
#include "engine/group.h"
#undef core_vacate

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    group_tag(&c->groups[place.group], (unsigned)(place.slot - place.group * GROUP_SLOTS), 0);
    c->room++;
    c->live--;
    return 0;
}

#include "strategy/tombstone.h"

#include "table.h"

#include "planted.h"

HT_TABLE_AS(planted_table_keeps_passed, "group", "keeps_passed");

const struct planted planted_keeps_passed = {
    .table = &planted_table_keeps_passed,
    .bug = "overflow marks outlive their entries, and misses slow down for ever",
    .seen_as = "counted anew, differ from the count kept",
};
