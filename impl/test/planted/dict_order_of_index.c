/* Planted: a rebuild orders the log by the index.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_fill fill_rightly
#include "engine/dict.h"
#undef core_fill

static void core_fill(struct core *c, const struct core *from)
{
    fill_rightly(c, from);
    if (c->live < 2)
        return;
    struct entry first = c->log[0], last = c->log[c->live - 1];
    struct place to = core_locate(c, last.key, last.hash);
    struct place from_first = core_locate(c, first.key, first.hash);
    c->log[0] = last;
    c->log[c->live - 1] = first;
    index_set(c, to.slot, 0);
    index_set(c, from_first.slot, (int64_t)c->live - 1);
}

#include "strategy/shrink.h"

#include "table.h"

PLANTED(dict, dict_order_of_index, .bug = "a rebuild loses the order of insertion",
        .seen_as = "in the order of their insertion");
