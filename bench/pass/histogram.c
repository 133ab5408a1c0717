/* A log-linear histogram; see histogram.h.
 *
 * SPDX-License-Identifier: MIT */
#include "histogram.h"

#include <math.h>

/* The position of the highest bit beyond the first HISTOGRAM_BITS + 1; 0 for small values. */
static unsigned shift_of(uint64_t value)
{
    unsigned bits = value ? 64 - (unsigned)__builtin_clzll(value) : 0;
    return bits > HISTOGRAM_BITS + 1 ? bits - HISTOGRAM_BITS - 1 : 0;
}

/* Values of one shift s > 0 have their highest bit at HISTOGRAM_BITS + s, so value >> s lies in
 * [2^BITS, 2^(BITS+1)), and the buckets of s begin at s * 2^BITS. */
static unsigned bucket_of(uint64_t value)
{
    unsigned shift = shift_of(value);
    return (shift << HISTOGRAM_BITS) + (unsigned)(value >> shift);
}

static uint64_t greatest_in(unsigned bucket)
{
    unsigned shift = bucket >> HISTOGRAM_BITS;
    shift = shift ? shift - 1 : 0;
    uint64_t least = (uint64_t)(bucket - (shift << HISTOGRAM_BITS)) << shift;
    return least + ((UINT64_C(1) << shift) - 1);
}

void histogram_add(struct histogram *h, uint64_t value)
{
    h->count++;
    h->buckets[bucket_of(value)]++;
    if (value > h->most)
        h->most = value;
}

uint64_t histogram_at(const struct histogram *h, double share)
{
    uint64_t wanted = (uint64_t)ceil(share * (double)h->count), seen = 0;
    if (h->count == 0)
        return 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen >= wanted && seen > 0) {
            uint64_t value = greatest_in(i);
            return value < h->most ? value : h->most;
        }
    }
    return h->most;
}
