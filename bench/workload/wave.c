/* wave: the number of entries grows tenfold and falls back, twice.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

enum { WAVES = 2 };

static void generate(struct gen *g)
{
    uint64_t oldest = 0;
    uint64_t next = 0;
    for (unsigned i = 0; i < WAVES; i++) {
        while (next - oldest < g->n)
            gen_put(g, next++);
        while (next - oldest > g->n / 10)
            gen_del(g, oldest++);
    }
}

const struct workload workload_wave = {
    .name = "wave",
    .summary = "the number of entries rises to n and falls to n/10, twice; the oldest go",
    .hurts = "no table wins both ways: whoever follows the wave rebuilds on every slope, whoever "
             "keeps its slots holds ten times its need in every trough",
    .unasked = true,
    .generate = generate,
};
