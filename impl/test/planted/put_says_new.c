/* Planted: a put of a known key says that it is new.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "engine/linear.h"

#include "strategy/tombstone.h"

#define put put_rightly
#include "table.h"
#undef put

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    enum ht_put done = put_rightly(t, key, value);
    return done == HT_REPLACED ? HT_NEW : done;
}

PLANTED(linear, put_says_new, .bug = "a put of a known key answers \"new\"",
        .seen_as = "the model says");
