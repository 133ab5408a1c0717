/* Planted: a drained table is destroyed without its storage.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/tombstone.h"

#define destroy destroy_rightly
#include "table.h"
#undef destroy

static void destroy(struct ht *t)
{
    struct ht_config config = t->config;
    if (t->core.live == 0)
        core_empty(&t->core, &config);
    destroy_rightly(t);
}

PLANTED(linear, destroy_leaks, .bug = "destroying a table without entries leaks its slots",
        .seen_as = "still held");
