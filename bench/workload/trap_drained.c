/* trap_drained: a drained table that frees nothing until much more has come
 * and gone.
 *
 * Origin: CPython's dict, 3.6 to 3.13. Erasing gives no room back; only the
 * insertion that finds the log full resizes by what is live. Of 10^6 entries
 * erased from 2^21 slots nothing is freed for 398,101 pairs of insertion and
 * erasure; number 398,102 (1,398,101 - 1,000,000 + 1) frees it. A dict that is
 * never put into again never does. Open since 2018: python/cpython#76804.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static void generate(struct gen *g)
{
    uint64_t next = 0;
    while (next < g->n)
        gen_put(g, next++);
    for (uint64_t i = 0; i < g->n; i++)
        gen_del(g, i);
    for (uint64_t i = 0; i < g->n * 9 / 20; i++) { /* 450,000 of 10^6: enough for CPython */
        gen_put(g, next);
        gen_del(g, next++);
    }
}

const struct workload workload_trap_drained = {
    .name = "trap_drained",
    .summary = "n entries come and go; then one comes and goes, 0.45n times (CPython: of 10^6, "
               "memory returns at pair 398,102)",
    .hurts = "hurts tables that clean up only when they are full, since an empty one takes long to "
             "fill; favours those that look when they erase",
    .unasked = true,
    .generate = generate,
};
