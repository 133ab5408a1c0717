/* Planted: idle moments pay no debt.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define tick tick_rightly
#include "table.h"
#undef tick

static void tick(struct ht *t, uint64_t moments)
{
    tick_rightly(t, moments / 256);
}

PLANTED(linear, tick_forgets, .bug = "idle time does not pay the debt",
        .reported = "redis/redis#13605", .target = "no_memory",
        .seen_as = "it holds more than it may");
