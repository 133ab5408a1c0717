/* A bucket of eight slots: a tag of 16 bits each, looked at all at once.
 *
 *      tag  | t | t | . | t | t | . | t | t |      t: 1 to 65535, from the hash; '.': free (0)
 *
 * Two bytes a tag, since a lookup compares 14 of them: with one byte, one miss in 18
 * would look at an entry for nothing, which costs it more than all else.
 *
 * A key has two buckets, and what a lookup waits for is both: so they are looked at as one.
 *
 * Cost: a comparison of 16 bytes a bucket: SSE2 on x86-64, NEON on AArch64, two words
 * elsewhere, with the same answers (impl/test/bucket_portable.c).
 * Origin: layout/group_tags.h, with wider tags.
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

struct bucket {
    uint16_t tag[8]; /* the hard build uses the first BUCKET_SLOTS */
};
static_assert(sizeof(struct bucket) == 16, "one load looks at a bucket");

/* Sets of slots have a bit a slot; those of two buckets 8 for each, the first's the lower. */
enum { BUCKET_ALL = (1 << BUCKET_SLOTS) - 1 };

/* The free slots of two buckets, and how many each has, in units of who counted. */
struct both_free {
    unsigned slots, first, second;
};

#if defined(BUCKET_PORTABLE)
/* The lanes that equal, from the top bits of four. */
HT_INLINE unsigned lanes_equal(uint64_t lanes, uint64_t same)
{
    const uint64_t low = UINT64_C(0x7fff7fff7fff7fff);
    uint64_t x = lanes ^ same, zero = ~(((x & low) + low) | x | low) >> 15;
    return (unsigned)(zero | zero >> 15 | zero >> 30 | zero >> 45) & 15;
}

HT_INLINE unsigned bucket_match(const struct bucket *b, uint16_t tag)
{
    uint64_t words[2] = {0}, same = tag * UINT64_C(0x0001000100010001);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (unsigned i = 0; i < 8; i++)
        words[i / 4] |= (uint64_t)b->tag[i] << (16 * (i % 4));
#else
    memcpy(words, b->tag, sizeof words);
#endif
    return (lanes_equal(words[0], same) | lanes_equal(words[1], same) << 4) & BUCKET_ALL;
}

HT_INLINE unsigned both_match(const struct bucket *a, const struct bucket *b, uint16_t tag)
{
    return bucket_match(a, tag) | bucket_match(b, tag) << 8;
}

/* How many slots a set of one bucket has. */
HT_INLINE unsigned slots_in(unsigned set)
{
    set -= set >> 1 & 0x55;
    set = (set & 0x33) + (set >> 2 & 0x33);
    return (set + (set >> 4)) & 15;
}

HT_INLINE struct both_free both_free(const struct bucket *a, const struct bucket *b)
{
    unsigned free = both_match(a, b, 0);
    return (struct both_free){free, slots_in(free & BUCKET_ALL), slots_in(free >> 8)};
}
#elif defined(__SSE2__)
/* A byte a slot, all ones where the tag is equal. */
HT_INLINE __m128i both_equal(const struct bucket *a, const struct bucket *b, uint16_t tag)
{
    /* Not by _mm_set1_epi16: gcc 12 stores two bytes and reads four back, which waits for the
     * store (a third of a hit's time). */
    __m128i same = _mm_set1_epi32((int)(tag * UINT32_C(0x10001)));
    __m128i first = _mm_load_si128((const __m128i *)(const void *)a->tag);
    __m128i second = _mm_load_si128((const __m128i *)(const void *)b->tag);
    __m128i both = _mm_packs_epi16(_mm_cmpeq_epi16(first, same), _mm_cmpeq_epi16(second, same));
#ifdef HT_HARD
    both = _mm_and_si128(both, _mm_set1_epi64x((1 << 8 * BUCKET_SLOTS) - 1));
#endif
    return both;
}

HT_INLINE unsigned both_match(const struct bucket *a, const struct bucket *b, uint16_t tag)
{
    return (unsigned)_mm_movemask_epi8(both_equal(a, b, tag));
}

HT_INLINE unsigned bucket_match(const struct bucket *b, uint16_t tag)
{
    return both_match(b, b, tag) & BUCKET_ALL;
}

HT_INLINE struct both_free both_free(const struct bucket *a, const struct bucket *b)
{
    __m128i free = both_equal(a, b, 0), sums = _mm_sad_epu8(free, _mm_setzero_si128());
    return (struct both_free){(unsigned)_mm_movemask_epi8(free), (unsigned)_mm_cvtsi128_si32(sums),
                              (unsigned)_mm_extract_epi16(sums, 4)};
}
#else
/* A byte a slot, all ones where the tag is equal. */
HT_INLINE uint8x16_t both_equal(const struct bucket *a, const struct bucket *b, uint16_t tag)
{
    uint16x8_t same = vdupq_n_u16(tag);
    uint8x8_t first = vmovn_u16(vceqq_u16(vld1q_u16(a->tag), same));
    uint8x8_t second = vmovn_u16(vceqq_u16(vld1q_u16(b->tag), same));
    uint8x16_t both = vcombine_u8(first, second);
#ifdef HT_HARD
    both = vandq_u8(both, vreinterpretq_u8_u64(vdupq_n_u64((1 << 8 * BUCKET_SLOTS) - 1)));
#endif
    return both;
}

/* The sums of a byte a slot, each of which has its own weight. */
HT_INLINE unsigned both_sum(uint8x16_t each)
{
    return (unsigned)vaddv_u8(vget_low_u8(each)) | (unsigned)vaddv_u8(vget_high_u8(each)) << 8;
}

HT_INLINE unsigned both_match(const struct bucket *a, const struct bucket *b, uint16_t tag)
{
    static const unsigned char bits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                           1, 2, 4, 8, 16, 32, 64, 128};
    return both_sum(vandq_u8(both_equal(a, b, tag), vld1q_u8(bits)));
}

HT_INLINE unsigned bucket_match(const struct bucket *b, uint16_t tag)
{
    return both_match(b, b, tag) & BUCKET_ALL;
}

HT_INLINE struct both_free both_free(const struct bucket *a, const struct bucket *b)
{
    unsigned sums = both_sum(vshrq_n_u8(both_equal(a, b, 0), 7));
    return (struct both_free){both_match(a, b, 0), sums & 0xff, sums >> 8};
}
#endif

HT_INLINE unsigned bucket_free(const struct bucket *b)
{
    return bucket_match(b, 0);
}

HT_INLINE unsigned bucket_live(const struct bucket *b)
{
    return ~bucket_match(b, 0) & BUCKET_ALL;
}

HT_INLINE unsigned first_slot(unsigned set)
{
    return (unsigned)__builtin_ctz(set);
}

#endif
