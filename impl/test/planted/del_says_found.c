/* Planted: an erase of an absent key says that it was there.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/tombstone.h"

#define del del_rightly
#include "table.h"
#undef del

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    return del_rightly(t, key) || view_of(t).dead;
}

PLANTED(linear, del_says_found,
        .bug = "an erase of an absent key answers \"erased\" once a slot is dead",
        .seen_as = "the model says");
