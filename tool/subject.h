/* A table that is measured in its own loop: what the verbs keep, life, many and beside share.
 *
 * By itself it is measured in a process of its own, so that one which ends it costs one line.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_SUBJECT_H
#define EBB_SUBJECT_H

#include "mem.h"
#include "set.h"

struct subject {
    const struct ht_table *table;
    struct ht_mem mem;
    struct ht_set set; /* for the table's own loop */
    struct ht *t;      /* its only table */
    uint64_t n;        /* entries */
};

/* A new table; and gone, with every byte. */
void subject_start(struct subject *);
void subject_end(struct subject *);

/* Nanoseconds of the thread's CPU time. */
uint64_t subject_cpu_ns(void);

/* The ordinals 0 to n - 1 in an order that depends on n alone. Free it. */
uint64_t *subject_order(uint64_t n);

/* Puts n items in that order. */
void subject_shuffle(uint64_t *items, uint64_t n);

/* The median of `count` values, which are sorted for it. */
double subject_median(double *values, size_t count);

/* A line for each table that `glob` matches and that `wanted`, if not NULL, takes: its name, n, and what `measure` prints, or why the
 * process ended. `heading` comes first. Returns the worst exit status. */
int subjects_measure(const char *glob, bool (*wanted)(const struct ht_table *), uint64_t n,
                     const char *heading, void (*measure)(const struct ht_table *, uint64_t n));

#endif
