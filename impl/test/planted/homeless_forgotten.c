/* Planted: what a merge finds no place for is forgotten.
 *
 * SPDX-License-Identifier: MIT */
#define store_merge merge_rightly
#include "segment/store.h"
#undef store_merge

static size_t store_merge(struct store *s, uint64_t seed, struct homeless *none)
{
    size_t moved = merge_rightly(s, seed, none);
    none->count = 0;
    return moved;
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_homeless_forgotten, "segment", "homeless_forgotten");

const struct planted planted_homeless_forgotten = {
    .table = &planted_table_homeless_forgotten,
    .bug = "a merge loses what it has no place for",
    .seen_as = "differ from the count kept",
    .target = "hostile",
};
