/* Bugs planted on purpose, one a file in impl/test/planted: the harness must find
 * each, and by the oracle that is meant to.
 *
 * A bug wraps what it changes: the code that ships has no switches. Its file includes
 * this first, since what it replaces is then used by nobody.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PLANTED_H
#define EBB_PLANTED_H

#include "ht.h"

#pragma GCC diagnostic ignored "-Wunused-function"

struct planted {
    const struct ht_table *table;
    const char *bug;      /* what is wrong */
    const char *reported; /* where such a bug was reported; NULL: it is ours */
    const char *seen_as;  /* part of the sentence that must name it, or SEEN_BY_SANITIZER */
    const char *target;   /* the fuzz target that can see it; NULL: differential */
};

/* No sentence: ASan or UBSan ends the program. */
#define SEEN_BY_SANITIZER "sanitizer"

extern const struct planted *const planteds[]; /* ended by NULL */

/* The table engine/name, which has the bug. */
#define PLANTED(engine, name, ...)                                                                 \
    HT_TABLE_AS(planted_table_##name, #engine, #name);                                             \
    const struct planted planted_##name = {.table = &planted_table_##name, __VA_ARGS__}

#endif
