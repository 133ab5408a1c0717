/* The tables of one trace, by number: real programs have many, most of them
 * small. One is current; `use` and `drop` change which.
 *
 * Invariant: a table exists from its first `use` (number 0: from the first
 * step) to its `drop`.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_SET_H
#define EBB_SET_H

#include "ht.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Table numbers are below this; a trace that asks for more is malformed. */
#define HT_TABLES_MAX (UINT64_C(1) << 20)

struct ht_set {
    const struct ht_table *table;
    struct ht_mem *mem;
    struct ht_config config;
    struct ht **all; /* by number; NULL where there is none */
    size_t room;     /* length of all */
    size_t current;
    struct ht_stats gone; /* the work counters of dropped tables */
};

/* Nothing is created yet. `mem` must outlive the set. */
void ht_set_init(struct ht_set *, const struct ht_table *, struct ht_mem *,
                 const struct ht_config *);

/* Destroys every table left. */
void ht_set_free(struct ht_set *);

/* The current table, created where there is none; NULL for want of memory. */
struct ht *ht_set_current(struct ht_set *);

/* Makes `number` current; false for want of memory, and then nothing changes. */
bool ht_set_use(struct ht_set *, uint64_t number);

/* Destroys the current table, if there is one. */
void ht_set_drop(struct ht_set *);

/* Sizes summed over the tables, and work over all there ever were; moved_most
 * is the most of any. */
void ht_set_stats(const struct ht_set *, struct ht_stats *);

/* For run loops: the current table as a slice begins, unless its first step is
 * a `use` or a `drop` and there is none (then NULL); aborts without memory. */
struct ht *ht_set_enter(struct ht_set *, const struct ht_op *ops, size_t n);

/* For run loops: carries out the `use` or `drop` at ops[0], and returns the
 * table for the n - 1 steps that follow, as ht_set_enter. */
struct ht *ht_set_move(struct ht_set *, const struct ht_op *ops, size_t n);

#ifdef __cplusplus
}
#endif
#endif
