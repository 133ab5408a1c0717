/* Planted: an erase in the index writes EMPTY.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_vacate vacate_rightly
#include "engine/dict.h"
#undef core_vacate

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    (void)vacate_rightly(c, place);
    index_set(c, place.slot, INDEX_EMPTY);
    return 0;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_erase_empties, .bug = "an erase writes EMPTY into the index instead of DUMMY",
        .reported = "rofl0r/htab#1", .seen_as = "not found where it lies");
