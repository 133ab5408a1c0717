/* refill: n entries come, all go, n others come; then lookups.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include <stdlib.h>

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    uint64_t *order = gen_shuffled(g, g->n);
    for (uint64_t i = 0; i < g->n; i++)
        gen_del(g, order[i]);
    free(order);
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, g->n + i);
    gen_mark(g);
    for (uint64_t i = 0; i < (g->n + 1) / 2; i++)
        gen_get(g, g->n + gen_random(g, g->n));
}

const struct workload workload_refill = {
    .name = "refill",
    .summary = "n entries come, all are erased at random, n others come and are looked up",
    .hurts = "favours tables that keep their slots, if they clean them; whoever gave the memory "
             "back grows from nothing a second time",
    .unasked = true,
    .generate = generate,
};
