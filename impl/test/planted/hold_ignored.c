/* Planted: an erase releases while the table is held.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define hold hold_rightly
#include "table.h"
#undef hold

static void hold(struct ht *t)
{
    (void)t;
}

PLANTED(linear, hold_ignored, .bug = "hold is not honoured", .seen_as = "between hold and resume");
