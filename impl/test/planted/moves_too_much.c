/* Planted: an erase that meets a move under way ends it at once.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/incremental.h"

#define del del_rightly
#include "table.h"
#undef del

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    if (!del_rightly(t, key))
        return false;
    if (!t->holding)
        go_on(t, UINT64_MAX);
    return true;
}

PLANTED(linear, moves_too_much, .bug = "a step moves all that is left instead of a few entries",
        .seen_as = "entries moved by this step");
