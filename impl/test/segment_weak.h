/* segment/follow with a hash that can be spoilt, for tests of it.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_SEGMENT_WEAK_H
#define EBB_SEGMENT_WEAK_H

#include "hash.h"

/* How the hash is spoilt; 0 is as it should be. */
enum weakness { SOUND, ALL_EQUAL, TWO_BITS, LOW_EQUAL, TOP_EQUAL, TAG_EQUAL, PLAIN, WEAKNESSES };
static enum weakness weakness;

static inline uint64_t weak_hash(uint64_t key, uint64_t seed)
{
    uint64_t hash = ht_hash(key, seed);
    switch (weakness) {
    case ALL_EQUAL:
        return 0;
    case TWO_BITS:
        return (hash & 3) * UINT64_C(0x5555555555555555);
    case LOW_EQUAL: /* one bucket is the first of all */
        return hash & ~UINT64_C(0xffffff);
    case TOP_EQUAL: /* one bucket is the other of all */
        return hash & UINT32_MAX;
    case TAG_EQUAL:
        return hash & ~UINT64_C(0xff00000000);
    case PLAIN:
        return key;
    case SOUND:
    case WEAKNESSES:
        break;
    }
    return hash;
}

#define ht_hash(key, seed) weak_hash(key, seed)
#include "segment/operations.h"
#undef ht_hash

#include "test.h"

extern const struct ht_table ht_table_weak;
SEGMENT_TABLE(ht_table_weak, "segment", "weak");

#ifdef HT_HARD
enum { MANY = 3000 }; /* as many as the promise is for */
#else
enum { MANY = 30000 };
#endif

static inline struct ht *start(struct ht_mem *mem)
{
    struct ht_config config = {.seed = 1};
    ht_mem_init(mem);
    struct ht *t = create(mem, &config);
    CHECK(t);
    return t;
}

#endif
