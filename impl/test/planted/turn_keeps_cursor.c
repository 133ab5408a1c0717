/* Planted: a move that turns round goes on at the slot where it was in the other storage.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear_shift.h"

#include "strategy/incremental.h"

#define del del_rightly
#include "table.h"
#undef del

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    struct sweep before = t->sweep;
    bool turned = t->turned, done = del_rightly(t, key);
    if (t->moving && t->turned && !turned)
        t->sweep = before;
    return done;
}

PLANTED(linear_shift, turn_keeps_cursor,
        .bug = "a move that turns round does not begin anew in the storage it now empties",
        .seen_as = "not found where it lies");
