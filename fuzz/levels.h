/* What a search climbs: levels reached, told to the fuzzer as if they were code
 * reached, so that it keeps an input that gets higher than any before.
 *
 * Each level of each measure of each table is a counter of its own: fuzzers tell
 * counts apart in coarse steps only, and would take a hundred for a thousand.
 * Origin: MemLock (Wen et al., ICSE 2020), PerfFuzz (Lemieux et al., ISSTA 2018),
 * IJON (Aschermann et al., S&P 2020).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_LEVELS_H
#define EBB_LEVELS_H

#include <stddef.h>

enum level_measure {
    LEVEL_RETAINED, /* bytes for each live entry */
    LEVEL_PROMISED, /* share of the promised bytes, apart for each size */
    LEVEL_MOVED,    /* entries moved by one step */
    LEVEL_PROBED,   /* slots probed by one step */
    LEVEL_RISEN,    /* entries moved beyond the promise on average */
    LEVEL_MEASURES
};

enum { LEVEL_TABLES = 64, LEVELS = 64 }; /* what is beyond counts as the last */

void level_reach(size_t table, enum level_measure, size_t level);

#endif
