/* The histogram of times keeps three significant digits, over all of 64 bits.
 *
 * SPDX-License-Identifier: MIT */
#include "../../bench/histogram.c"

#include "check.h"
#include "hash.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

/* Every number lies in a bucket that is narrower than a thousandth of it, and buckets
 * follow each other. */
static void test_buckets(void)
{
    unsigned before = 0;
    for (unsigned bits = 0; bits < 64; bits++) {
        for (uint64_t step = 0; step < 3000; step++) {
            uint64_t value = (UINT64_C(1) << bits) + step * ((UINT64_C(1) << bits) / 3000 + 1);
            if (value < (UINT64_C(1) << bits))
                break; /* beyond 64 bits */
            unsigned bucket = bucket_of(value);
            CHECK(bucket < HISTOGRAM_BUCKETS);
            CHECK(greatest_in(bucket) >= value);
            CHECK(greatest_in(bucket) - value <= value / 1000);
            CHECK(bucket == 0 || greatest_in(bucket - 1) < value);
        }
        CHECK(bucket_of(UINT64_C(1) << bits) >= before);
        before = bucket_of(UINT64_C(1) << bits);
    }
    CHECK(bucket_of(UINT64_MAX) == HISTOGRAM_BUCKETS - 1);
    CHECK(greatest_in(HISTOGRAM_BUCKETS - 1) == UINT64_MAX);
}

static int by_size(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Percentiles are those of the sorted numbers, to a thousandth. */
static void test_percentiles(void)
{
    enum { COUNT = 20000 };
    static const double shares[] = {0.001, 0.5, 0.9, 0.99, 0.999, 1};
    struct histogram *h = calloc(1, sizeof *h);
    uint64_t *values = calloc(COUNT, sizeof *values);
    CHECK(h && values);
    CHECK(histogram_at(h, 0.5) == 0);
    for (uint64_t i = 0; i < COUNT; i++) {
        values[i] = ht_mix(i) >> (ht_mix(i + COUNT) % 60);
        histogram_add(h, values[i]);
    }
    qsort(values, COUNT, sizeof *values, by_size);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        uint64_t exact = values[(size_t)(ceil(shares[i] * COUNT) - 1)];
        uint64_t found = histogram_at(h, shares[i]);
        CHECK(found >= exact && found - exact <= exact / 1000);
    }
    CHECK(h->count == COUNT && h->most == values[COUNT - 1]);
    free(values);
    free(h);
}

int main(void)
{
    test_buckets();
    test_percentiles();
    return 0;
}
