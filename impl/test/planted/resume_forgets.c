/* Planted: nothing is released at resume.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define resume resume_rightly
#include "table.h"
#undef resume

static void resume(struct ht *t)
{
    t->holding = false;
}

PLANTED(linear, resume_forgets, .bug = "what a batch of erases left is not settled at its end",
        .reported = "redis/redis#14783", .seen_as = "it holds more than it may");
