/* The command line of ebb-bench.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_OPTIONS_H
#define EBB_OPTIONS_H

#include "pair.h"
#include "plan.h"

/* What is asked for. A NULL file is not written. */
struct options {
    struct plan_options plan;
    const char *memory;   /* bytes over the steps */
    const char *rounds;   /* every replay of a whole trace */
    const char *slices;   /* every slice of the pairs; without it no pair is measured */
    const char *overhead; /* what the harness adds */
    const char *pair;     /* glob of pairs; NULL: all */
    enum pair_null null;
    uint64_t more;               /* steps that one_percent adds to each 10,000 */
    unsigned shard, shards;      /* of the headlines those of this shard, from 1; 0: all */
    unsigned sweeps;             /* rounds of each pair */
    uint64_t first, count;       /* the cells of the plan that are measured */
    bool list_pairs, list_cells; /* print them and end */
    bool silent;
};

/* Exits with status 2 and a line on what is wrong; with 0 after --help. */
void options_parse(struct options *, int argc, char **argv);

#endif
