/* Planted: deleting while visiting begins inside a run.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_retain retain_rightly
#include "engine/linear_shift.h"
#undef core_retain

static size_t core_retain(struct core *c, uint64_t modulus, uint64_t *sum)
{
    size_t before = c->live, start = 0;
    for (size_t i = start; c->live && i <= c->mask; i++) {
        while (c->control[i] != SLOT_FREE && ht_retain_deletes(c->entries[i].key, modulus))
            c->shifted += core_vacate(c, (struct place){.slot = i});
        if (c->control[i] != SLOT_FREE)
            *sum += ht_entry_sum(c->entries[i].key, c->entries[i].value);
    }
    return before - c->live;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear_shift, retain_at_wrap,
        .bug = "erasing while visiting begins in a run that wraps, and visits an entry twice",
        .seen_as = "the model says");
