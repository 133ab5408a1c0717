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
        uint64_t hash = ht_hash(keys[i], t->config.seed);
        size_t first = first_of(s, hash), other = other_of(s, hash);
        unsigned same = both_match(&s->room.buckets[first], &s->room.buckets[other], tag_of(hash));
        if (same) {
            unsigned at = first_slot(same);
            values[i] = entries_of(s, either(first, other, at / 8))[at % 8].value;
        }
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
