/* Planted: a compact does not end the reservation.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define compact compact_rightly
#include "table.h"
#undef compact

static bool compact(struct ht *t)
{
    size_t reserved = t->reserved;
    bool done = compact_rightly(t);
    t->reserved = reserved;
    return done;
}

PLANTED(linear, floor_survives_compact, .bug = "a compact keeps the floor it went below",
        .seen_as = "it holds more than it may");
