/* churn: a constant number of entries; a random one goes for each that comes.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include <stdlib.h>

enum { TURNOVERS = 2 };

static void generate(struct gen *g)
{
    uint64_t *live = gen_shuffled(g, g->n);
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    for (uint64_t i = 0; i < TURNOVERS * g->n; i++) {
        uint64_t at = gen_random(g, g->n);
        gen_put(g, g->n + i);
        gen_del(g, live[at]);
        live[at] = g->n + i;
    }
    gen_mark(g);
    for (uint64_t i = 0; i < (g->n + 1) / 2; i++)
        gen_miss(g, i);
    for (uint64_t i = 0; i < (g->n + 1) / 2; i++)
        gen_get(g, live[gen_random(g, g->n)]);
    free(live);
}

const struct workload workload_churn = {
    .name = "churn",
    .summary = "n entries come; then one comes and a random one goes, 2n times; misses, then hits",
    .hurts = "hurts tables that leave dead slots: misses walk over them, and ordered tables get "
             "holes everywhere; favours those that close or reuse the hole",
    .unasked = true,
    .generate = generate,
};
