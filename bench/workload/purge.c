/* purge: 99 % of the entries are erased at random; the survivors are looked up
 * and scanned in what is left.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include <stdlib.h>

enum { LOOKUPS_A_SURVIVOR = 8 };

static void generate(struct gen *g)
{
    uint64_t survivors = (g->n + 99) / 100;
    uint64_t *order = gen_shuffled(g, g->n);
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    for (uint64_t i = survivors; i < g->n; i++)
        gen_del(g, order[i]);
    gen_mark(g);
    for (uint64_t i = 0; i < LOOKUPS_A_SURVIVOR * survivors; i++)
        gen_get(g, order[gen_random(g, survivors)]);
    gen_step(g, HT_SCAN, 0);
    free(order);
}

const struct workload workload_purge = {
    .name = "purge",
    .summary = "n entries come, 99 % are erased at random; the survivors are looked up and scanned",
    .hurts = "hurts tables that keep their slots (lookups miss the caches, a scan walks the "
             "peak); favours those that rebuild as they empty",
    .unasked = true,
    .generate = generate,
};
