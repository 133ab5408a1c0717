/* Planted: a clear forgets the storage that entries were moving from.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear_shift.h"

#include "strategy/incremental.h"

#define clear clear_rightly
#include "table.h"
#undef clear

static void clear(struct ht *t)
{
    if (t->moving) {
        core_empty(&t->old, &t->config);
        t->moving = false;
    }
    clear_rightly(t);
}

PLANTED(linear_shift, old_kept_after_clear,
        .bug = "a clear while entries move does not free the storage they come from",
        .seen_as = "the allocator counts");
