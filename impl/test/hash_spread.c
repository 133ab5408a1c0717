/* The hash spreads the keys that programs have over the slots of small and large
 * tables about as a random function would.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

enum { FAMILIES = 6 };

static uint64_t key_of(unsigned family, uint64_t i)
{
    const uint64_t keys[FAMILIES] = {
        i, 16 * i, UINT64_C(0x55d0c0de0000) + 48 * i, 4096 * i, i << 32, i << 44 | (i & 15),
    };
    return keys[family];
}

/* n keys in n slots: a random function leaves 1/e of the slots without a key. Fewer
 * may be empty, since neighbours are spread better than at random; many more may not. */
static void check_spread(unsigned family, unsigned shift, size_t slots, uint64_t seed)
{
    unsigned char *taken = calloc(slots, 1);
    CHECK(taken);
    size_t homes = 0;
    for (uint64_t i = 0; i < slots; i++) {
        unsigned char *slot = &taken[(ht_hash(key_of(family, i), seed) >> shift) & (slots - 1)];
        homes += !*slot;
        *slot = 1;
    }
    free(taken);
    if (homes * 2 < slots) {
        (void)fprintf(stderr, "key family %u, bits from %u, seed %llu: %zu homes for %zu keys\n",
                      family, shift, (unsigned long long)seed, homes, slots);
        exit(1);
    }
}

int main(void)
{
    static const unsigned shifts[] = {0, 1, 7}; /* where the engines take a home from */
    for (unsigned family = 0; family < FAMILIES; family++)
        for (size_t s = 0; s < sizeof shifts / sizeof *shifts; s++)
            for (size_t slots = 64; slots <= 1u << 20; slots *= 2)
                for (uint64_t seed = 0; seed < (slots > 4096 ? 2 : 20); seed++)
                    check_spread(family, shifts[s], slots, seed);
    return 0;
}
