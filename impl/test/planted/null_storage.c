/* Planted: fresh storage is written before it is known to be there.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_alloc alloc_rightly
#include "engine/linear.h"
#undef core_alloc

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    bool there = alloc_rightly(c, mem, slots, like);
    if (!there)
        c->control = NULL;
    memset(c->control, SLOT_FREE, slots);
    return there;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, null_storage,
        .bug = "storage is written before the allocator's answer is looked at",
        .reported = "attractivechaos/klib, khashl.h", .target = "no_memory",
        .seen_as = SEEN_BY_SANITIZER);
