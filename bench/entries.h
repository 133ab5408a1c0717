/* Cells and pairs as benchmarks of Google Benchmark.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_ENTRIES_H
#define EBB_ENTRIES_H

#include "options.h"

/* What a run has, and how it went. */
struct run {
    const struct options *options;
    struct plan plan;
    FILE *memory, *rounds, *slices, *overhead; /* NULL: not written */
    size_t failures, measured;
};

/* Registers every arm of every cell: WORKLOAD/ENGINE/STRATEGY/N, with /KEYS and /cold
 * where they are not the default. All arms of a cell are measured together when the
 * first of them is run; each then hands over its rounds as manual times and its exact
 * figures as counters. */
void register_cells(struct run *);

/* Prints the cells of the plan, as CSV. */
void list_cells(const struct plan *);

/* Registers every pair that the options ask for, as "pair/NAME", and the harness's own cost
 * as "overhead"; returns how many. */
size_t register_pairs(struct run *);

/* Prints the pairs that the options ask for, as CSV. */
void list_pairs(const struct options *);

#endif
