/* Every reachable state of one table, breadth first: with a few keys and the
 * smallest sizes (the `hard` build) the search ends, and then nothing that those
 * keys and operations can do to the table is left untried.
 *
 * In every state every operation is carried out, and again with each of its
 * allocations failing, once and from then on. After each: the answers, every key
 * and an absent one, a visit of all entries and check() against a reference of a
 * few lines, the bytes against the allocator's count and the promise; a failed
 * step must have left the image alone, and the allocator refused something.
 *
 * A state is the table's image, the contents, and what the judge of promises
 * remembers. Values are not part of it: every put stores the number of its own
 * step, which all checks compare, and tables only carry values about. States are
 * told apart by 128 bits of hash: two that share one would be taken for one
 * (for 10^8 states the odds are 10^-23).
 *
 * The promise of work is judged for every step where it bounds one, and where it is an
 * average over all paths through the states, of any length (credit.h).
 *
 * Not judged: what a table does with values such as 0. What is closed is closed for
 * one hash seed: with few keys it decides whether any two of them collide.
 *
 * Cost: a table cannot be cloned, so a state is reached again by its shortest
 * path: O(depth) a transition; 40 to 80 bytes a state, and 12 to 24 for each way between two.
 * Origin: explicit-state model checking, as in Holzmann's SPIN; the values are
 * Wolper's data independence (POPL 1986).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_EXPLORE_H
#define EBB_EXPLORE_H

#include "reference.h"

enum { EXPLORE_KEYS = REFERENCE_KEYS, EXPLORE_DEPTH = 250 }; /* limits */

struct explore_result;

struct explore_options {
    const struct ht_table *table; /* one that can write its image */
    struct ht_config config;
    unsigned keys;   /* 0 to keys - 1, at most EXPLORE_KEYS */
    bool all;        /* reserve, hold, resume and tick too */
    unsigned depth;  /* no longer paths than this; 0: EXPLORE_DEPTH */
    uint64_t states; /* no more states than this; 0: as many as 32 bits number */
    void (*progress)(void *arg, const struct explore_result *); /* now and then; may be NULL */
    void *arg;
};

struct explore_step {
    struct ht_op op;
    enum ht_fail fail; /* of the step's allocations, ... */
    unsigned nth;      /* ... this one, 1 being the first */
};

struct explore_result {
    uint64_t states, transitions;
    uint64_t starved;  /* the transitions during which an allocation failed */
    unsigned depth;    /* steps to the farthest state */
    int64_t overdrawn; /* the most entries that any path moves above the promised average */
    bool closed;       /* every state has been left by every operation */

    bool failed;
    char what[320];                               /* the sentence that says what is wrong */
    struct explore_step trace[EXPLORE_DEPTH + 1]; /* no shorter one shows it */
    unsigned length;
};

/* Searches until all is closed, a limit is met or something is wrong. Returns
 * !result->failed. Aborts without memory of its own. */
bool explore(const struct explore_options *, struct explore_result *);

#endif
