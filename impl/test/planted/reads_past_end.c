/* Planted: a lookup reads eight control bytes at once, beyond the last.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

static volatile unsigned char seen_bytes;

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    unsigned char all = 0;
    for (size_t i = 0; c->mask && i < 8; i++)
        all |= c->control[place.slot + i];
    seen_bytes = all;
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, reads_past_end, .bug = "a lookup reads beyond the last control byte, to no effect",
        .seen_as = SEEN_BY_SANITIZER);
