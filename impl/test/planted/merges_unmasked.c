/* Planted: the mask stays when the last bucket of a round goes.
 *
 * SPDX-License-Identifier: MIT */
#define store_merge merge_rightly
#include "segment/store.h"
#undef store_merge

static size_t store_merge(struct store *s, uint64_t seed, struct homeless *none)
{
    size_t mask = s->mask, moved = merge_rightly(s, seed, none);
    s->mask = mask;
    return moved;
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_merges_unmasked, "segment", "merges_unmasked");

const struct planted planted_merges_unmasked = {
    .table = &planted_table_merges_unmasked,
    .bug = "after a merge some hashes lead to a bucket that is no more",
    .seen_as = "the mask does not fit",
};
