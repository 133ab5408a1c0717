/* Planted: a batched lookup takes the entry it asked for without looking at its key.
 *
 * SPDX-License-Identifier: MIT */
#include "segment/operations.h"

#include "planted.h"

static uint32_t take_first(const struct ht *t, const uint64_t *keys, uint64_t *values, unsigned n)
{
    const struct store *s = &t->core.store;
    uint32_t found = call_get_many(t, keys, values, n);
    for (unsigned i = 0; i < n; i++) {
        struct home home = home_of(s, ht_hash(keys[i], t->config.seed));
        unsigned same = home_match(s, home);
        if (same)
            values[i] = s->room.entries[slot_of_both(home, first_slot(same))].value;
    }
    return found;
}

#define call_get_many take_first
SEGMENT_TABLE(planted_table_many_first_of_tag, "segment", "many_first_of_tag");
#undef call_get_many

const struct planted planted_many_first_of_tag = {
    .table = &planted_table_many_first_of_tag,
    .bug = "a lookup of many keys takes the first entry of a tag for the key's",
    .seen_as = "get_many answers value",
    .target = "hostile",
};
