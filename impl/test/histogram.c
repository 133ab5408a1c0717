/* The histogram of times keeps three significant digits, over all of 64 bits.
 *
 * SPDX-License-Identifier: MIT */
#include "histogram.h"

#include "check.h"
#include "hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 24 }; /* numbers tried between two powers of two */

/* Every number is found again to a thousandth, from above, and never beyond the greatest;
 * numbers in order are found in order. */
static void test_numbers(void)
{
    struct histogram *h = calloc(1, sizeof *h);
    uint64_t before = 0;
    CHECK(h);
    for (unsigned bits = 0; bits < 64; bits++) {
        for (uint64_t step = 0; step < STEPS; step++) {
            uint64_t value =
                (UINT64_C(1) << bits) + (bits > 5 ? step * ((UINT64_C(1) << bits) / STEPS) : 0);
            memset(h, 0, sizeof *h);
            histogram_add(h, value);
            histogram_add(h, UINT64_MAX);
            uint64_t found = histogram_at(h, 0.5);
            CHECK(found >= value && found - value <= value / 1000);
            CHECK(found >= before);
            CHECK(histogram_at(h, 1) == UINT64_MAX);
            before = found;
        }
    }
    free(h);
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
    test_numbers();
    test_percentiles();
    return 0;
}
