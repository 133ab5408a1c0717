/* Planted: an erase gives its log position back.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_vacate vacate_rightly
#include "engine/dict.h"
#undef core_vacate

HT_INLINE size_t core_vacate(struct core *c, struct place place)
{
    c->keys->budget++;
    return vacate_rightly(c, place);
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_budget_back, .bug = "an erase gives back a log position that it still holds",
        .seen_as = "the log is longer");
