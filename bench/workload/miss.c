/* miss: lookups that find nothing, in a table that nothing was erased from.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    gen_mark(g);
    for (uint64_t i = 0; i < 2 * g->n; i++)
        gen_miss(g, i);
}

const struct workload workload_miss = {
    .name = "miss",
    .summary = "n entries come; 2n keys that never came are looked up",
    .hurts = "hurts tables with long probes at a high load; favours those that rule a key out "
             "without reading it",
    .unasked = true,
    .generate = generate,
};
