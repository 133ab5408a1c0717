/* Planted: a put without memory counts its entry.
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
    enum ht_put done = put_rightly(t, key, value);
    t->core.live += done == HT_NOMEM;
    return done;
}

PLANTED(linear, failed_put_counts, .bug = "a put that reports no memory has counted its entry",
        .target = "no_memory", .seen_as = "reports no memory, and has changed");
