/* A bucket of eight slots: a tag of one byte each, looked at all at once.
 *
 *      tags  | t | t | . | t | t | . | t | t |      t: 1 to 255, from the hash; '.': free (0)
 *
 * One byte a tag: of 20 keys that are not there one looks at an entry for nothing, which two bytes
 * would spare it; but what the second byte takes is worth more as free slots (DESIGN.md section 5).
 *
 * A key has two buckets, and what a lookup waits for is both: so they are looked at as one.
 *
 * Cost: one comparison of 16 bytes for two buckets: SSE2 on x86-64, NEON on AArch64, two words
 * elsewhere, with the same answers (impl/test/bucket_portable.c).
 * Origin: layout/group_tags.h, for two buckets at once.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_BUCKET_H
#define EBB_BUCKET_H

#include "define.h"
#include "entry.h"
#include "probes.h"

#include <string.h>

#if defined(BUCKET_PORTABLE)
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#else
#define BUCKET_PORTABLE
#endif

#ifdef HT_HARD
enum { BUCKET_SLOTS = 2 };
#else
enum { BUCKET_SLOTS = 8 };
#endif

/* Sets of slots have a bit a slot; those of two buckets SET_BITS for each, the first's the lower. */
enum {
    BUCKET_ALL = (1 << BUCKET_SLOTS) - 1,
    SET_BITS = 8,
    BOTH_ALL = BUCKET_ALL | BUCKET_ALL << SET_BITS
};

/* The free slots of two buckets, and which has more: how many each has, times 255 where SSE2
 * counts. */
struct both_free {
    unsigned slots, first, second;
};

/* The tags of a bucket, those of slots that there are not being 255. */
HT_INLINE uint64_t bucket_word(const uint8_t *tags)
{
    uint64_t word = UINT64_MAX;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        word = (word & ~(UINT64_C(0xff) << 8 * i)) | (uint64_t)tags[i] << 8 * i;
#else
    memcpy(&word, tags, BUCKET_SLOTS);
#endif
    return word;
}

#if defined(BUCKET_PORTABLE)
HT_INLINE unsigned bucket_match(const uint8_t *tags, uint8_t tag)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f), ones = UINT64_C(0x0101010101010101);
    uint64_t x = bucket_word(tags) ^ tag * ones, zero = ~(((x & low) + low) | x | low) >> 7;
    return (unsigned)(zero * UINT64_C(0x0102040810204080) >> 56) & BUCKET_ALL;
}

HT_INLINE unsigned both_match(const uint8_t *a, const uint8_t *b, uint8_t tag)
{
    return bucket_match(a, tag) | bucket_match(b, tag) << SET_BITS;
}

/* How many slots a set of one bucket has. */
HT_INLINE unsigned slots_in(unsigned set)
{
    set -= set >> 1 & 0x55;
    set = (set & 0x33) + (set >> 2 & 0x33);
    return (set + (set >> 4)) & 15;
}

HT_INLINE struct both_free both_free(const uint8_t *a, const uint8_t *b)
{
    unsigned free = both_match(a, b, 0);
    return (struct both_free){free, slots_in(free & BUCKET_ALL), slots_in(free >> SET_BITS)};
}
#else
#if defined(__SSE2__)
/* A byte a slot, all ones where the tag is equal. */
HT_INLINE __m128i both_equal(const uint8_t *a, const uint8_t *b, uint8_t tag)
{
    /* Not by _mm_set1_epi8: gcc 12 stores a byte and reads four back, which waits for the store. */
    __m128i same = _mm_set1_epi32((int)(tag * UINT32_C(0x01010101)));
    __m128i first = _mm_cvtsi64_si128((long long)bucket_word(a));
    __m128i second = _mm_cvtsi64_si128((long long)bucket_word(b));
    return _mm_cmpeq_epi8(_mm_unpacklo_epi64(first, second), same);
}

HT_INLINE unsigned both_match(const uint8_t *a, const uint8_t *b, uint8_t tag)
{
    return (unsigned)_mm_movemask_epi8(both_equal(a, b, tag)) & BOTH_ALL;
}

HT_INLINE struct both_free both_free(const uint8_t *a, const uint8_t *b)
{
    __m128i free = both_equal(a, b, 0), sums = _mm_sad_epu8(free, _mm_setzero_si128());
    return (struct both_free){(unsigned)_mm_movemask_epi8(free), (unsigned)_mm_cvtsi128_si32(sums),
                              (unsigned)_mm_extract_epi16(sums, 4)};
}
#else
/* A byte a slot, all ones where the tag is equal. */
HT_INLINE uint8x16_t both_equal(const uint8_t *a, const uint8_t *b, uint8_t tag)
{
    uint8x8_t first = vcreate_u8(bucket_word(a)), second = vcreate_u8(bucket_word(b));
    return vceqq_u8(vcombine_u8(first, second), vdupq_n_u8(tag));
}

/* The sums of a byte a slot, each of which has its own weight. */
HT_INLINE unsigned both_sum(uint8x16_t each)
{
    return (unsigned)vaddv_u8(vget_low_u8(each)) | (unsigned)vaddv_u8(vget_high_u8(each)) << 8;
}

HT_INLINE unsigned both_match(const uint8_t *a, const uint8_t *b, uint8_t tag)
{
    static const unsigned char bits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                           1, 2, 4, 8, 16, 32, 64, 128};
    unsigned same = both_sum(vandq_u8(both_equal(a, b, tag), vld1q_u8(bits)));
    return same & BOTH_ALL;
}

HT_INLINE struct both_free both_free(const uint8_t *a, const uint8_t *b)
{
    unsigned sums = both_sum(vshrq_n_u8(both_equal(a, b, 0), 7));
    return (struct both_free){both_match(a, b, 0), sums & 0xff, sums >> 8};
}
#endif

HT_INLINE unsigned bucket_match(const uint8_t *tags, uint8_t tag)
{
    return both_match(tags, tags, tag) & BUCKET_ALL;
}
#endif

HT_INLINE unsigned bucket_free(const uint8_t *tags)
{
    return bucket_match(tags, 0);
}

HT_INLINE unsigned bucket_live(const uint8_t *tags)
{
    return ~bucket_match(tags, 0) & BUCKET_ALL;
}

HT_INLINE size_t first_slot(unsigned set)
{
    return (size_t)__builtin_ctzl(set);
}

#endif
