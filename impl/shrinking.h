/* Decisions of the strategies that release with the erase that leaves too few entries.
 *
 * A strategy that defines SHRINKS_OTHERWISE brings its own LOW_NUM and LOW_DEN, the lowest
 * share of live in usable, and land(n), the slots that a rebuild with n entries ends in.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_SHRINKING_H
#define EBB_SHRINKING_H

#include "on_request.h"

#ifndef SHRINKS_OTHERWISE
/* 11/32 because `dict` takes up to 30 bytes per usable entry (24 for the log, 4 * 3/2
 * for the index): 30 * 32/11 = 87.3 bytes per live entry at worst, under the 90 that we
 * set ourselves; 1/3 would just miss it, and a higher share moves more in a sawtooth
 * (3/8: 3.5 a step). */
enum { LOW_NUM = 11, LOW_DEN = 32 };

static size_t land(size_t n)
{
    return fit(n);
}
#endif

static size_t above_floor(struct view v)
{
    return v.live > v.reserved ? v.live : v.reserved;
}

static size_t shrink_after_del(struct view v)
{
    if (above_floor(v) * LOW_DEN >= v.usable * LOW_NUM)
        return HT_KEEP;
    size_t slots = land(above_floor(v));
    return slots < v.slots ? slots : HT_KEEP;
}

static size_t shrink_make_room(struct view v)
{
    v.live++;
    return land(above_floor(v));
}

/* Asked for: never more slots than there are. */
static size_t shrink_on_request(struct view v)
{
    size_t slots = land(above_floor(v));
    return slots < v.slots ? slots : v.slots;
}

#endif
