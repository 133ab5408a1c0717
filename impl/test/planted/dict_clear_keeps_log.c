/* Planted: a clear keeps the end of the log.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#define core_wipe wipe_rightly
#include "engine/dict.h"
#undef core_wipe

static void core_wipe(struct core *c)
{
    size_t extent = c->keys->extent;
    wipe_rightly(c);
    if (!holds_nothing(c))
        c->keys->extent = extent;
}

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(dict, dict_clear_keeps_log, .bug = "a clear forgets to set the end of the log back",
        .seen_as = "the log is longer");
