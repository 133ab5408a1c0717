/* Planted: the last control byte of fresh storage is not written.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_alloc alloc_rightly
#include "engine/linear.h"
#undef core_alloc

static bool core_alloc(struct core *c, struct ht_mem *mem, size_t slots, const struct core *like)
{
    unsigned char *entries = ht_alloc(mem, core_bytes(slots, 0));
    if (!entries)
        return false;
    unsigned char left = entries[core_bytes(slots, 0) - 1];
    ht_free(mem, entries, core_bytes(slots, 0));
    if (!alloc_rightly(c, mem, slots, like))
        return false;
    c->control[slots - 1] = left;
    return true;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, unwritten_control,
        .bug = "fresh storage keeps what the allocator left in its last control byte",
        .seen_as = "counted anew");
