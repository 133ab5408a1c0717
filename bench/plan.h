/* Which cells a run consists of: workloads and recorded traces, sizes, key kinds
 * and page modes, on the tables asked for.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PLAN_H
#define EBB_PLAN_H

#include "cell.h"

enum plan_mode { PLAN_DEFAULT, PLAN_QUICK, PLAN_FULL };

struct plan_options {
    enum plan_mode mode;
    const char *workload; /* globs; NULL: all */
    const char *table;
    uint64_t n; /* 0: the mode's sizes */
    uint64_t seed;
    uint64_t order;     /* of the arms; one for each process */
    bool peers;         /* peers too, where `table` does not say */
    const char *traces; /* folder of recorded traces; NULL: none */
};

struct plan {
    struct cell *cells;
    size_t count;
};

/* Exits with status 2 and one line if nothing matches. */
void plan_make(struct plan *, const struct plan_options *);

#endif
