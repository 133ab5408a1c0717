/* Planted: a table does not count its control bytes.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/tombstone.h"

#define stats stats_rightly
#include "table.h"
#undef stats

static void stats(const struct ht *t, struct ht_stats *s)
{
    stats_rightly(t, s);
    s->held -= s->dead > 2 ? s->slots : 0;
}

PLANTED(linear, held_forgets_control, .bug = "a table says it holds less than it does",
        .seen_as = "the allocator counts");
