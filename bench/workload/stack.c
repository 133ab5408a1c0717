/* stack: the newest comes, the newest goes.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    for (uint64_t i = 0; i < g->n / 2; i++)
        gen_step(g, HT_POP, 0);
    for (uint64_t i = 0; i < g->n / 2; i++)
        gen_put(g, g->n + i);
    for (uint64_t i = 0; i < g->n; i++)
        gen_step(g, HT_POP, 0);
}

const struct workload workload_stack = {
    .name = "stack",
    .summary = "n entries come, the newest half is popped, n/2 others come, all are popped",
    .hurts =
        "favours logs that give back their end; hurts those that count a popped place as used, "
        "which fill up although nothing is left",
    .ordered = true,
    .unasked = true,
    .generate = generate,
};
