/* Planted: a put that gets no memory loses a slot.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_alloc alloc_rightly
#include "engine/linear.h"
#undef core_alloc

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    if (alloc_rightly(c, mem, slots, like))
        return true;
    struct core *damaged = (struct core *)(uintptr_t)like;
    if (damaged->live)
        damaged->control[damaged->mask / 2] = SLOT_FREE;
    return false;
}

#include "strategy/shrink.h"

#include "table.h"

PLANTED(linear, half_failed_put, .bug = "running out of memory damages the table",
        .reported = "attractivechaos/klib, khashl.h", .target = "no_memory",
        .seen_as = "counted anew");
