/* Planted: the directory's mask stays when the last segment of a round goes.
 *
 * SPDX-License-Identifier: MIT */
#define directory_drop drop_rightly
#include "segment/directory.h"
#undef directory_drop

static void directory_drop(struct directory *d)
{
    size_t mask = d->mask;
    drop_rightly(d);
    d->mask = mask;
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_merges_unmasked, "segment", "merges_unmasked");

const struct planted planted_merges_unmasked = {
    .table = &planted_table_merges_unmasked,
    .bug = "after a merge some hashes lead to a segment that is no more",
    .seen_as = "the directory's mask does not fit",
};
