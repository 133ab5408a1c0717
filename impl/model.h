/* The reference: what every table must answer. Plain, slow, and right.
 *
 * Chained hashing with a doubly linked list in insertion order, nothing clever,
 * and none of the code of the tables it judges. It holds every table of a
 * trace.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MODEL_H
#define EBB_MODEL_H

#include "ht.h"

struct model;

struct model *model_create(void); /* aborts without memory */
void model_destroy(struct model *);

/* Carries a step out and returns its result, as define.h encodes results.
 * `step` is the step's index in its trace: what a PUT stores. */
uint64_t model_apply(struct model *, struct ht_op op, uint64_t step);

/* Says that a step will come soon, so that its entry is brought near; changes
 * nothing. Call it some eight steps ahead where the model should be fast. */
void model_expect(const struct model *, struct ht_op op);

/* Entries live in the current table, and in all of them. */
size_t model_live(const struct model *);
size_t model_live_all(const struct model *);

/* The value of `key` in the current table. */
bool model_get(const struct model *, uint64_t key, uint64_t *value);

/* Visits the current table in insertion order. */
void model_each(const struct model *, ht_visit *, void *arg);

#endif
