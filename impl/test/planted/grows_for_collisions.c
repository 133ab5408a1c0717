/* Planted: a long probe grows the table.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/tombstone.h"

#define put put_rightly
#include "table.h"
#undef put

enum { LONG_PROBE = 4 };

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct place place = core_locate(&t->core, key, hash);
    size_t distance = (place.slot - home_of(&t->core, hash)) & t->core.mask;
    if (distance >= LONG_PROBE && t->core.mask < 1 << 12)
        (void)rebuild(t, 2 * (t->core.mask + 1));
    return put_rightly(t, key, value);
}

PLANTED(linear, grows_for_collisions, .bug = "equal hashes make the table grow without end",
        .reported = "golang/go#81299", .target = "hostile", .seen_as = "it holds more than it may");
