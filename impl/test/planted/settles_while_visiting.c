/* Planted: deleting while visiting shrinks the table under the visitor.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/shrink.h"

#define retain retain_rightly
#include "table.h"
#undef retain

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    struct core c = t->core;
    uint64_t sum = 0;
    for (size_t i = 0; i <= c.mask; i++) {
        if (!(c.control[i] & SLOT_LIVE))
            continue;
        uint64_t key = c.entries[i].key;
        if (ht_retain_deletes(key, modulus))
            (void)del(t, key);
        else
            sum += ht_entry_sum(key, c.entries[i].value);
    }
    return sum;
}

PLANTED(linear, settles_while_visiting,
        .bug = "retain lets the table shrink while it goes on with the old storage",
        .reported = "valkey-io/valkey#2257", .seen_as = SEEN_BY_SANITIZER);
