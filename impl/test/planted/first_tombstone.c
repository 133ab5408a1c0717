/* Planted: a put takes the first dead slot without looking for the key behind it.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_locate locate_rightly
#include "engine/linear.h"
#undef core_locate

HT_INLINE struct place core_locate(const struct core *c, uint64_t key, uint64_t hash)
{
    struct place place = {.slot = SIZE_MAX, .tag = tag_of(hash)};
    size_t i = home_of(c, hash);
    while (c->control[i] != SLOT_FREE && c->control[i] != SLOT_DEAD &&
           !(c->control[i] == place.tag && c->entries[i].key == key))
        i = (i + 1) & c->mask;
    place.slot = i;
    place.found = c->control[i] == place.tag && c->entries[i].key == key;
    return place;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, first_tombstone,
        .bug = "a lookup stops at the first dead slot, so a key comes twice",
        .reported = "rui314/chibicc#135", .seen_as = "the model says");
