/* Planted: deleting while visiting skips what is shifted into the hole.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_retain retain_rightly
#include "engine/linear_shift.h"
#undef core_retain

static size_t core_retain(struct core *c, uint64_t modulus, uint64_t *sum)
{
    size_t before = c->live, start = 0;
    while (c->control[start] != SLOT_FREE)
        start++;
    for (size_t n = 1; n <= c->mask; n++) {
        size_t i = (start + n) & c->mask;
        if (c->control[i] != SLOT_FREE && ht_retain_deletes(c->entries[i].key, modulus))
            c->shifted += core_vacate(c, (struct place){.slot = i});
        if (c->control[i] != SLOT_FREE)
            *sum += ht_entry_sum(c->entries[i].key, c->entries[i].value);
    }
    return before - c->live;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear_shift, retain_skips_shifted,
        .bug = "erasing while visiting skips the entry that moved into the hole",
        .seen_as = "the model says");
