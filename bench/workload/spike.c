/* spike: n entries once, a clear, and then only ever a few at a time.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

/* A table whose clear and scan walk its peak pays for both in every round:
 * hence the limit on the rounds. */
enum { FEW = 8, ROUNDS_MOST = 200 };

static void generate(struct gen *g)
{
    uint64_t few = g->n < FEW ? g->n : FEW;
    uint64_t rounds = g->n / few;
    uint64_t next = 0;
    while (next < g->n)
        gen_put(g, next++);
    gen_step(g, HT_CLEAR, 0);
    gen_mark(g);
    for (uint64_t round = 0; round < rounds && round < ROUNDS_MOST; round++) {
        for (uint64_t i = 0; i < few; i++)
            gen_put(g, next + i);
        for (uint64_t i = 0; i < few; i++)
            gen_get(g, next + gen_random(g, few));
        gen_step(g, HT_SCAN, 0);
        gen_step(g, HT_CLEAR, 0);
        next += few;
    }
}

const struct workload workload_spike = {
    .name = "spike",
    .summary = "n entries come and are cleared; then rounds of 8 puts, 8 gets, a scan and a clear",
    .hurts = "hurts tables whose clear keeps the slots: every later scan and clear walks the peak; "
             "favours those that release on clear",
    .generate = generate,
};
