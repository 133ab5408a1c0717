/* A pair of arms, compared slice by slice: a trace replayed on a base `a` and on `b`.
 *
 * The arms take turns by slices, in the order a b b a, so that a drift of the machine
 * meets both alike. What is timed of a slice takes 0.25 to 1 ms of the thread's CPU time
 * at 8 to 30 ns a step. Both arms do the same steps, and both are held to the model's
 * checksum in every slice. In each round both tables are made anew, in the one order and
 * then in the other, and elsewhere in the heap: where a table lies in memory changes its
 * time by several per cent. One process gives one estimate; what is known of a pair comes
 * from many processes (scripts/stats.py).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PAIR_H
#define EBB_PAIR_H

#include "ht.h"

#include <stdio.h>

enum {
    PAIR_STEPS = 32768,       /* of a slice of a whole trace */
    PAIR_HEAD = 8,            /* its first 1/8 is timed apart, to see what warming up costs */
    PAIR_STEPS_ALIKE = 65536, /* of a slice of lookups */
    PAIR_REST_ALIKE = 4,      /* all but its last 1/4 is head, and left out: there the table warms
                                * up again the caches that the other arm cooled */
    PAIR_REPEATS = 2,         /* of all lookups in a round */
    PAIR_ROUNDS_ALIKE = 3,    /* one round of lookups for three of whole traces: they vary less */
    PAIR_ROUNDS_PAUSE = 3     /* rounds at most where b waits: it does so in each */
};

/* What is compared. A median of slices leaves out the few that hold rebuilds; it is
 * for slices that are alike only. */
enum estimand {
    PAIR_ALIKE, /* lookups that change nothing: the median of the log-ratios over couples of slices,
                 * heads left out */
    PAIR_PLACES /* the ratio of the sums, over the slices' places in the trace, of the medians over its
                 * replays */
};

enum injection {
    INJECT_NOTHING,
    INJECT_STEPS,    /* b does more steps: 1 %, unless another share is asked for */
    INJECT_PAUSE,    /* b waits, busy, once in a replay: in the middle of its growth */
    INJECT_NEIGHBOUR /* b runs after a slice of a large table, a after one of its own */
};

#define PAIR_PAUSE_NS UINT64_C(30000000)
#define PAIR_STEPS_MORE 100 /* in 10,000 */

struct pair {
    const char *name; /* "WORKLOAD:b" of a headline, "NAME:WORKLOAD" of a control; unique */
    const char *workload;
    const char *a, *b; /* tables; b may be PAIR_TWIN: a's source compiled a second time */
    enum estimand estimand;
    enum injection injection;
    bool control; /* what must show is known beforehand */
};

#define PAIR_TWIN "twin"

/* Every pair, headlines first; ended by a NULL name. See DESIGN.md, section 10. */
extern const struct pair pairs[];

/* What a null experiment does to a pair. */
enum pair_null {
    PAIR_AS_IS,
    PAIR_NULL_SAME, /* b is a itself */
    PAIR_NULL_TWIN  /* b is a's twin */
};

/* The tables of a pair; false if one is not in this build. */
bool pair_tables(const struct pair *, enum pair_null, const struct ht_table **a,
                 const struct ht_table **b);

/* How a process measures its pairs. */
struct pair_run {
    uint64_t n;      /* entries */
    unsigned rounds; /* replays of the trace, each on new tables */
    uint64_t seed;   /* of keys and traces: the same in every process */
    uint64_t order;  /* of the process: which arm begins */
    enum pair_null null;
    uint64_t more; /* steps that INJECT_STEPS adds to each 10,000 */
    FILE *slices;  /* NULL: not kept */
};

/* Seconds of CPU time of each arm, summed over the rounds. */
struct pair_times {
    double a, b;
};

/* The heading of the file of slices. */
void pair_heading(FILE *);

/* Measures one pair and writes its slices; false, with the reason, if an answer was wrong. */
bool pair_measure(const struct pair *, const struct pair_run *, struct pair_times *, char *error,
                  size_t room);

/* What the reading of the clock adds to a slice, in nanoseconds: the median of slices of no
 * steps. */
double pair_edge_ns(void);

/* Frees the trace kept for the next pair of the same workload. */
void pair_forget(void);

#endif
