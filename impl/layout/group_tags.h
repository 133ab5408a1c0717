/* A group of slots: one byte each, looked at all at once, and eight counts of the
 * entries that went past.
 *
 *      passed  | 0..7 | 0..7 | ... 8 of 3 bits  |      by three bits of the hash
 *      tag     | t | t | . | t | ... 13 of them |      t: 1 to 255, from the hash; '.': free (0)
 *
 * A key that finds its group full goes on to the next, and one of the counts, chosen
 * by its hash, says so; when it is erased the count is taken back. A lookup goes on
 * only where the count of its own key's class is not 0.
 *
 * Invariant: a count is the number of live entries of its class that lie in a later
 * group of their probe, or is PASSED_MOST: it then stays until all counts are made anew.
 * Cost: one comparison of 16 bytes a group: SSE2 on x86-64, NEON on AArch64, two
 * words elsewhere, with the same answers (impl/test/group_portable.c).
 * Origin: groups and their comparison from abseil; classes of overflow from
 * boost::unordered_flat_map, which keeps bits; counts instead of bits from folly's F14.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_GROUP_TAGS_H
#define EBB_GROUP_TAGS_H

#include "define.h"
#include "entry.h"

#include <string.h>

#if defined(GROUP_PORTABLE)
#define GROUP_WAY "portable"
#elif defined(__SSE2__)
#define GROUP_WAY "SSE2"
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#define GROUP_WAY "NEON"
#include <arm_neon.h>
#else
#define GROUP_WAY "portable"
#define GROUP_PORTABLE
#endif

/* Slots of a group; the most a count of passed entries tells apart. */
#ifdef HT_HARD
enum { GROUP_SLOTS = 4, PASSED_MOST = 2 };
#else
enum { GROUP_SLOTS = 13, PASSED_MOST = 7 };
#endif
enum { GROUP_ALL = (1 << GROUP_SLOTS) - 1, TAGS_AT = 3 };

/* The counts are three bytes of `word`; which, and what its fourth is, the machine says. */
struct group {
    union {
        uint32_t word;
        unsigned char byte[16]; /* tags from TAGS_AT; the hard build uses GROUP_SLOTS of them */
    };
};
static_assert(sizeof(struct group) == 16, "one load looks at a group");

/* Which bits of the hash are which: homes are taken from bit HASH_USED up, or from the top. */
enum { HASH_USED = 11 };

HT_INLINE unsigned char tag_of(uint64_t hash)
{
    unsigned char tag = (unsigned char)hash;
    return (unsigned char)(tag + (tag == 0));
}

/* Where the class's count lies in the word: a shift. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
enum { CLASS_FIRST = 8 };
#else
enum { CLASS_FIRST = 0 };
#endif
enum { CLASS_BITS = 3, CLASS_END = CLASS_FIRST + 24 };

HT_INLINE unsigned class_of(uint64_t hash)
{
    return CLASS_FIRST + CLASS_BITS * ((unsigned)(hash >> 8) & 7);
}

/* One bit a byte of the 16 that equals `tag`. */
#if defined(GROUP_PORTABLE)
/* The top bit of each byte that is 0, and nothing else: no carry leaves a byte. */
HT_INLINE uint64_t zero_bytes(uint64_t x)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    return ~(((x & low) + low) | x | low);
}

/* The top bits of eight bytes, side by side. */
HT_INLINE unsigned gather(uint64_t tops)
{
    return (unsigned)((tops >> 7) * UINT64_C(0x0102040810204080) >> 56);
}

HT_INLINE unsigned bytes_equal(const struct group *g, unsigned char tag)
{
    uint64_t words[2], same = tag * UINT64_C(0x0101010101010101);
    memcpy(words, g, sizeof words);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    words[0] = __builtin_bswap64(words[0]);
    words[1] = __builtin_bswap64(words[1]);
#endif
    return gather(zero_bytes(words[0] ^ same)) | gather(zero_bytes(words[1] ^ same)) << 8;
}
#elif defined(__SSE2__)
HT_INLINE unsigned bytes_equal(const struct group *g, unsigned char tag)
{
    __m128i bytes = _mm_load_si128((const __m128i *)(const void *)g);
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)tag)));
}
#else
HT_INLINE unsigned bytes_equal(const struct group *g, unsigned char tag)
{
    static const unsigned char bits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                           1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t same = vceqq_u8(vld1q_u8((const unsigned char *)g), vdupq_n_u8(tag));
    uint8x16_t each = vandq_u8(same, vld1q_u8(bits));
    return (unsigned)vaddv_u8(vget_low_u8(each)) | (unsigned)vaddv_u8(vget_high_u8(each)) << 8;
}
#endif

/* One bit a slot: those whose tag this is. */
HT_INLINE unsigned group_match(const struct group *g, unsigned char tag)
{
    return bytes_equal(g, tag) >> TAGS_AT & GROUP_ALL;
}

HT_INLINE unsigned group_free(const struct group *g)
{
    return group_match(g, 0);
}

HT_INLINE unsigned group_live(const struct group *g)
{
    return ~group_match(g, 0) & GROUP_ALL;
}

HT_INLINE unsigned first_slot(unsigned slots)
{
    return (unsigned)__builtin_ctz(slots);
}

HT_INLINE void group_tag(struct group *g, unsigned slot, unsigned char tag)
{
    g->byte[TAGS_AT + slot] = tag;
}

/* How many entries of the class went past this group, up to PASSED_MOST. */
HT_INLINE unsigned passed_count(const struct group *g, unsigned class)
{
    return g->word >> class & 7;
}

HT_INLINE bool group_passed(const struct group *g, unsigned class)
{
    return (g->word & 7u << class) != 0;
}

HT_INLINE void group_pass(struct group *g, unsigned class)
{
    if (passed_count(g, class) < PASSED_MOST)
        g->word += 1u << class;
}

HT_INLINE void group_unpass(struct group *g, unsigned class)
{
    assert(group_passed(g, class));
    if (passed_count(g, class) < PASSED_MOST)
        g->word -= 1u << class;
}

/* While a table is rearranged its counts are of no use, and their bits say which of the
 * entries still wait for their place. */
enum { PASSED_ALL = 0xffffff };
static_assert(GROUP_SLOTS <= 24, "there is a bit for each slot");

HT_INLINE unsigned group_waiting(const struct group *g)
{
    return g->word >> CLASS_FIRST & GROUP_ALL;
}

HT_INLINE unsigned group_settled(const struct group *g)
{
    return group_live(g) & ~group_waiting(g);
}

/* `slots`: one bit for each that waits; none: all counts are 0. */
HT_INLINE void group_wait(struct group *g, unsigned slots)
{
    g->word = (g->word & ~((uint32_t)PASSED_ALL << CLASS_FIRST)) | slots << CLASS_FIRST;
}

/* A count kept is that of `anew`, which was counted from nothing, or stays at the most. */
HT_INLINE bool check_agrees(const struct group *g, const struct group *anew)
{
    for (unsigned class = CLASS_FIRST; class < CLASS_END; class += CLASS_BITS)
        if (passed_count(g, class) != passed_count(anew, class) &&
            passed_count(g, class) != PASSED_MOST)
            return false;
    return true;
}

#endif
