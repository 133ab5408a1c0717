/* Planted: storage is looked at after it was freed.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_free free_rightly
#include "engine/linear.h"
#undef core_free

static volatile unsigned char last_control;

static void core_free(struct core *c, struct ht_mem *mem)
{
    free_rightly(c, mem);
    last_control = c->control[c->mask];
}

#include "strategy/shrink.h"

#include "table.h"

PLANTED(linear, reads_freed, .bug = "freed storage is read, to no effect",
        .reported = "valkey-io/valkey#2257", .seen_as = SEEN_BY_SANITIZER);
