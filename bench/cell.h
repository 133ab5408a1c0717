/* A cell group of the comparison: one trace, replayed on every table.
 *
 * The trace is generated or loaded and run through the model once, outside all
 * timing: what each slice of it must answer, how many entries are live, and what
 * each table's promise allows. Then the arms (tables, and the reference rows)
 * are replayed in rounds, in an order that the process draws and then in the other, so
 * that a drift of the machine meets them alike.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CELL_H
#define EBB_CELL_H

#include "machine.h"
#include "workload.h"

enum { CELL_SLICES = 64, CELL_ROUNDS = 16, CELL_COPIES = 32 };

/* A row of a cell: a table, or a fresh table after the table's deletions. */
enum arm_kind {
    ARM_TABLE,
    ARM_FRESH_SAME, /* what lives at the mark, in a fresh table of as many slots as
                     * ENGINE/tombstone has then */
    ARM_FRESH_FIT   /* ... in a fresh table of fit slots */
};

struct point {
    size_t live, held, peak, bound; /* after the slice; the peak within it */
};

struct survivor {
    uint64_t key, value;
};

struct arm {
    const struct ht_table *table;
    enum arm_kind kind;
    char name[64]; /* "engine/strategy", "engine/=same", "engine/=fit" */
    bool wanted;   /* false: filtered out, not run */
    char error[200];

    unsigned rounds;
    double ns[CELL_ROUNDS];         /* CPU time of the whole trace */
    double after_ns[CELL_ROUNDS];   /* of the aftermath */
    unsigned place[CELL_ROUNDS];    /* its turn within the round */
    uint64_t switches[CELL_ROUNDS]; /* how often it had to make way for another thread */
    uint64_t faults;                /* of a replay in the first round */
    struct ht_stats stats;          /* at the end */
    size_t held_peak;
    uint64_t area; /* byte-steps */
    uint64_t allocations;
    struct point points[CELL_SLICES + 1]; /* one a slice, of the first round */
    size_t slots_at_mark;                 /* in a cell with reference rows: of the first table */
};

struct cell {
    char title[80];
    const struct workload *workload; /* NULL: a recorded trace */
    unsigned variant;
    char path[400]; /* of a recorded trace */
    uint64_t n;     /* size; of a recorded trace its most live entries */
    enum key_kind keys;
    enum pages pages;
    uint64_t seed;
    uint64_t order; /* of the process: decides the order of the arms */
    unsigned rounds;
    unsigned copies; /* tables replayed in one timed stretch */

    struct arm *arms;
    size_t arm_count;
    bool measured;
    char error[400]; /* nothing could be measured */

    uint64_t steps, mark; /* the aftermath is [mark, steps) */
    uint64_t live_area;
    size_t live_peak;
    bool ordered;   /* has a `pop` */
    bool copied;    /* has a `copy` */
    bool one_table; /* no `use` or `drop`: promises can be followed */

    struct survivor *survivors; /* live at the mark, in insertion order, if one_table */
    size_t survivor_count;

    size_t slices, aftermath;            /* how many; the first at or after the mark */
    uint64_t edges[CELL_SLICES + 2];     /* slice i is [edges[i], edges[i + 1]) */
    uint64_t checksums[CELL_SLICES + 1]; /* by the model */
};

/* "WORKLOAD/N", with /KEYS and /cold where they are not the default; "real.NAME". */
void cell_name(const struct cell *, char *out, size_t room);

/* Prepares and measures all arms, once. */
void cell_measure(struct cell *);

/* Does the workload mark an aftermath, so that the reference rows have something
 * to measure? Asked of a tiny trace. */
bool cell_has_aftermath(const struct cell *);

/* For cell.c: replays `ops` on one arm, as round number arm->rounds and its turn `place`, and
 * adds it to the arm. */
void arm_run(struct arm *, const struct cell *, const struct ht_op *ops, unsigned place);

#endif
