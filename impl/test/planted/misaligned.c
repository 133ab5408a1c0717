/* Planted: a lookup reads four control bytes as one word.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

static volatile uint32_t seen_word;

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = locate_rightly(c, key, hash);
    if (place.slot + 4 <= c->mask)
        seen_word = *(const uint32_t *)(const void *)(c->control + place.slot);
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, misaligned, .bug = "control bytes are read as a word that is not aligned",
        .seen_as = SEEN_BY_SANITIZER);
