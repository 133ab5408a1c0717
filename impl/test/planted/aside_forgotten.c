/* Planted: what was put aside does not come back when memory fails on the way.
 *
 * SPDX-License-Identifier: MIT */
#define rebuild_fail fail_rightly
#include "segment/rebuild.h"
#undef rebuild_fail

static bool rebuild_fail(struct rebuild *r)
{
    if (r->aside)
        memset(r->aside, 0, (size_t)r->before.count * BUCKET_BYTES);
    return fail_rightly(r);
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_aside_forgotten, "segment", "aside_forgotten");

const struct planted planted_aside_forgotten = {
    .table = &planted_table_aside_forgotten,
    .bug = "a rebuild in place that fails half way loses what it had put aside",
    .seen_as = "differ from the count kept",
    .target = "no_memory",
};
