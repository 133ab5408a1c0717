/* Planted: retain forgets the last slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_retain retain_rightly
#include "engine/linear.h"
#undef core_retain

static size_t core_retain(struct core *c, uint64_t modulus, uint64_t *sum)
{
    struct core less = *c;
    less.mask -= less.mask > 0;
    size_t deleted = retain_rightly(&less, modulus, sum);
    c->live = less.live;
    return deleted;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, retain_keeps_one, .bug = "deleting while visiting stops one slot before the end",
        .seen_as = "the model says");
