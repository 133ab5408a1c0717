/* The one hash function of every table, so that no table wins by its hash.
 *
 * A 64x64 -> 128 bit multiplication folded by xor, and the upper half of the
 * result folded onto the lower. The multiply alone leaves small keys that follow
 * each other with nearly equal low bits (21 * key / 128 in bits 7 to 9), where
 * tables look for a home; impl/test/hash_spread.c measures that they now spread.
 * Origin: the "mum" step of Vladimir Makarov's mum-hash and of wyhash; the
 * multiplier is 2^64 / golden ratio, made odd (Knuth, TAOCP vol. 3, 6.4).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_HASH_H
#define EBB_HASH_H

#include <stdint.h>

__extension__ typedef unsigned __int128 ht_u128;

static inline uint64_t ht_good_hash(uint64_t key, uint64_t seed)
{
    ht_u128 product = (ht_u128)(key ^ seed) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t folded = (uint64_t)(product >> 64) ^ (uint64_t)product;
    return folded ^ folded >> 32;
}

/* Hashes that a checked build (HT_CHECKED) uses where the top byte of the seed
 * names them: what an attacker, or a user's own hash, may do to a table. */
enum ht_hash_profile {
    HT_HASH_GOOD,
    HT_HASH_IDENTITY, /* the key itself */
    HT_HASH_TWO,      /* one of two values */
    HT_HASH_CONSTANT, /* one value */
    HT_HASH_FEW_BITS, /* 16 values, which differ in low, middle and top bits */
    HT_HASH_PROFILES
};

extern const char *const ht_hash_names[HT_HASH_PROFILES];

enum { HT_HASH_SHIFT = 56 };

/* The seed that stands for a profile and the lower 56 bits of `seed`. */
static inline uint64_t ht_seed(enum ht_hash_profile profile, uint64_t seed)
{
    return (uint64_t)profile << HT_HASH_SHIFT | seed << 8 >> 8;
}

static inline uint64_t ht_hash(uint64_t key, uint64_t seed)
{
#ifdef HT_CHECKED
    switch (seed >> HT_HASH_SHIFT) {
    case HT_HASH_IDENTITY:
        return key;
    case HT_HASH_TWO:
        return key & 1 ? UINT64_MAX : 0;
    case HT_HASH_CONSTANT:
        return UINT64_C(0x5555555555555555);
    case HT_HASH_FEW_BITS:
        return ht_good_hash(key, seed) & UINT64_C(0x8000000100000082);
    default:
        break;
    }
#endif
    return ht_good_hash(key, seed);
}

/* A fixed bijection of 64-bit words, the same for tables, model and
 * generators: it makes random-looking unique keys from a counter, and decides
 * which keys `retain` deletes.
 * Origin: the output function of splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static inline uint64_t ht_mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* What one visited entry adds to the checksum of a scan: a sum over it does
 * not depend on the order of the visits. */
static inline uint64_t ht_entry_sum(uint64_t key, uint64_t value)
{
    return key ^ (value * UINT64_C(0xd6e8feb86659fd93));
}

/* Does `retain modulus` delete this key? */
static inline int ht_retain_deletes(uint64_t key, uint64_t modulus)
{
    return ht_mix(key) % modulus == 0;
}

#endif
