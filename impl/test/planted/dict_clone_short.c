/* Planted: a copy clones as many log positions as there are entries.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_clone clone_rightly
#include "engine/dict.h"
#undef core_clone

static bool core_clone(struct core *c, struct ht_mem *mem, const struct core *from)
{
    if (!clone_rightly(c, mem, from))
        return false;
    for (size_t i = from->live; i < from->keys->extent; i++)
        c->log[i].hash = 0;
    return true;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_clone_short, .bug = "a copy with holes clones too few log positions",
        .seen_as = "hole or beyond the log");
