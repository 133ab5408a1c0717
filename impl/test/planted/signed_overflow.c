/* Planted: the hash overflows a signed integer.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "define.h"

static inline uint64_t hash_in_int(uint64_t key, uint64_t seed)
{
    int sum = INT32_MAX - 100;
    sum += (int)(key & 0xff);
    return ht_hash(key, seed) + (unsigned)sum;
}

#define ht_hash hash_in_int

#include "engine/linear.h"

#include "strategy/tombstone.h"

#include "table.h"

PLANTED(linear, signed_overflow, .bug = "the hash is computed in a signed integer, which overflows",
        .seen_as = SEEN_BY_SANITIZER);
