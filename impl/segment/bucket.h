/* A bucket of eight slots: a tag of 16 bits each, looked at all at once.
 *
 *      tag  | t | t | . | t | t | . | t | t |      t: 1 to 65535, from the hash; '.': free (0)
 *
 * Two bytes a tag, since a lookup compares 14 of them: with one byte, one miss in 18
 * would look at an entry for nothing, which costs it more than all else.
 *
 * Cost: one comparison of 16 bytes: SSE2 on x86-64, NEON on AArch64, two words elsewhere,
 * with the same answers (impl/test/bucket_portable.c).
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

/* Sets of slots have two bits a slot, of which the lower counts. */
enum { BUCKET_ALL = 0x5555 & ((1 << 2 * BUCKET_SLOTS) - 1) };

#if defined(BUCKET_PORTABLE)
/* The lanes that equal, from the top bits of four. */
HT_INLINE unsigned lanes_equal(uint64_t lanes, uint64_t same)
{
    const uint64_t low = UINT64_C(0x7fff7fff7fff7fff);
    uint64_t x = lanes ^ same, zero = ~(((x & low) + low) | x | low) >> 15;
    return (unsigned)(zero | zero >> 14 | zero >> 28 | zero >> 42) & 0x55;
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
    return (lanes_equal(words[0], same) | lanes_equal(words[1], same) << 8) & BUCKET_ALL;
}
#elif defined(__SSE2__)
HT_INLINE unsigned bucket_match(const struct bucket *b, uint16_t tag)
{
    __m128i tags = _mm_load_si128((const __m128i *)(const void *)b->tag);
    /* Not by _mm_set1_epi16: gcc 12 stores two bytes and reads four back, which waits for the
     * store (a third of a hit's time). */
    __m128i same = _mm_set1_epi32((int)(tag * UINT32_C(0x10001)));
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi16(tags, same)) & BUCKET_ALL;
}
#else
HT_INLINE unsigned bucket_match(const struct bucket *b, uint16_t tag)
{
    static const uint16_t bits[8] = {1 << 0, 1 << 2,  1 << 4,  1 << 6,
                                     1 << 8, 1 << 10, 1 << 12, 1 << 14};
    uint16x8_t same = vceqq_u16(vld1q_u16(b->tag), vdupq_n_u16(tag));
    return vaddvq_u16(vandq_u16(same, vld1q_u16(bits))) & BUCKET_ALL;
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
    return (unsigned)__builtin_ctz(set) / 2;
}

/* How many slots a set has. */
HT_INLINE unsigned slots_in(unsigned set)
{
    unsigned pairs = (set & 0x1111) + (set >> 2 & 0x1111);
    return pairs * 0x1111 >> 12 & 15;
}

#endif
