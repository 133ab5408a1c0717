/* Planted: what a split takes out of a bucket stays there as well.
 *
 * SPDX-License-Identifier: MIT */
#define store_split split_rightly
#include "segment/store.h"
#undef store_split

static size_t store_split(struct store *s, uint64_t seed)
{
    size_t buddy = buddy_of(s->count);
    uint8_t before[BUCKET_SLOTS];
    memcpy(before, tags_of(s, buddy), sizeof before);
    size_t moved = split_rightly(s, seed);
    memcpy(tags_of(s, buddy), before, sizeof before);
    return moved;
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_splits_both, "segment", "splits_both");

const struct planted planted_splits_both = {
    .table = &planted_table_splits_both,
    .bug = "a split leaves what it takes where it was, too",
    .seen_as = "not found where it lies",
};
