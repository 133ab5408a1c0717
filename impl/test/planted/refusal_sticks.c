/* Planted: once a shrink got no memory, none is tried again.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_alloc alloc_rightly
#include "engine/linear.h"
#undef core_alloc

/* `shifted` is of no use to this engine: here it says that memory was refused. */
static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    bool shrinks = slots <= like->mask;
    if (shrinks && like->shifted)
        return false;
    if (alloc_rightly(c, mem, slots, like))
        return true;
    if (shrinks)
        ((struct core *)(uintptr_t)like)->shifted = 1;
    return false;
}

#include "strategy/shrink.h"

#include "table.h"

PLANTED(linear, refusal_sticks, .bug = "a shrink refused for want of memory is never tried again",
        .reported = "valkey-io/valkey#2095", .target = "no_memory",
        .seen_as = "it holds more than it may");
