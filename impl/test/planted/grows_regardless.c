/* Planted: a table grows though memory for it was refused.
 *
 * SPDX-License-Identifier: MIT */
#define room_grow grow_rightly
#include "segment/room.h"
#undef room_grow

static bool room_grow(struct room *m, struct ht_mem *mem, size_t used, size_t need)
{
    (void)grow_rightly(m, mem, used, need);
    return true;
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_grows_regardless, "segment", "grows_regardless");

const struct planted planted_grows_regardless = {
    .table = &planted_table_grows_regardless,
    .bug = "a refusal is not looked at, and buckets lie where there is no memory",
    .seen_as = SEEN_BY_SANITIZER,
    .target = "no_memory",
};
