/* Planted: every put reclaims the dead slots.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/tombstone.h"

#define put put_rightly
#include "table.h"
#undef put

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    struct view v = view_of(t);
    if (v.dead)
        (void)rebuild(t, v.slots);
    return put_rightly(t, key, value);
}

PLANTED(linear, purges_at_every_put, .bug = "a put rebuilds as soon as one slot is dead",
        .reported = "rust-lang/rust#17645", .seen_as = "promise of work is broken");
