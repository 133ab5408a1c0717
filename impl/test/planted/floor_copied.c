/* Planted: a copy takes the floor along.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define copy copy_rightly
#include "table.h"
#undef copy

static bool copy(struct ht *t)
{
    size_t reserved = t->reserved;
    bool done = copy_rightly(t);
    t->reserved = reserved;
    return done;
}

PLANTED(linear, floor_copied, .bug = "a copy is bound by the floor of its original",
        .seen_as = "it holds more than it may");
