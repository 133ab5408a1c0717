/* Bugs planted on purpose, one a file in impl/test/planted: the harness must find
 * each, and by the oracle that is meant to.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PLANTED_H
#define EBB_PLANTED_H

#include "ht.h"

struct planted {
    const struct ht_table *table;
    const char *bug;     /* what is wrong, and where such a bug was reported */
    const char *seen_as; /* part of the sentence that must name it */
    bool starved;        /* shows only when an allocation fails */
};

extern const struct planted *const planteds[]; /* ended by NULL */

#endif
