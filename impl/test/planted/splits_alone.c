/* Planted: what a split takes out of a segment stays in it as well when the split is
 * short of memory.
 *
 * SPDX-License-Identifier: MIT */
#define directory_drop drop_rightly
#include "segment/directory.h"
#undef directory_drop

/* Drops only what a merge has emptied; a split that failed keeps its new segment. */
static void directory_drop(struct directory *d)
{
    if (!segment_is_none(directory_at(d, d->count - 1)) ||
        segment_live(directory_at(d, directory_buddy(d->count - 1))) == 0)
        drop_rightly(d);
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_splits_alone, "segment", "splits_alone");

const struct planted planted_splits_alone = {
    .table = &planted_table_splits_alone,
    .bug = "a split that fails leaves its new segment in the directory, and keys are lost",
    .seen_as = "another segment than its hash says",
    .target = "no_memory",
};
