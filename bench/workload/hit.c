/* hit: lookups that find, in a table that nothing was erased from.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    gen_mark(g);
    for (uint64_t i = 0; i < 2 * g->n; i++)
        gen_get(g, gen_random(g, g->n));
}

const struct workload workload_hit = {
    .name = "hit",
    .summary = "n entries come; 2n random ones of them are looked up",
    .hurts = "nobody erases: what is slower here than elsewhere is the price of being ready to; "
             "favours whoever reads the fewest cache lines",
    .unasked = true,
    .generate = generate,
};
