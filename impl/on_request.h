/* Decisions that several strategies share: memory comes back when asked for,
 * in a compact or a copy, and in a rebuild that happens anyway.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_ON_REQUEST_H
#define EBB_ON_REQUEST_H

#include "policy.h"

static inline size_t rebuild_to_fit(struct view v)
{
    return fit(v.live + 1 > v.reserved ? v.live + 1 : v.reserved);
}

/* Never more slots than there are. */
static inline size_t compact_tightly(struct view v)
{
    size_t slots = v.live ? tight(v.live) : HT_RELEASE;
    return slots < v.slots ? slots : v.slots;
}

/* For a clear: the fewest slots that the reserved floor allows. */
static inline size_t back_to_floor(struct view v)
{
    size_t slots = fit(v.reserved);
    return slots < v.slots ? slots : v.slots;
}

static inline size_t release_all(struct view v)
{
    (void)v;
    return HT_RELEASE;
}

#endif
