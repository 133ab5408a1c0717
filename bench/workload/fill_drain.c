/* fill_drain: n entries come, then all go, and nothing is asked for.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include <stdlib.h>

static const char *const orders[] = {"first_in", "last_in", "random", NULL};

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    uint64_t *shuffled = gen_shuffled(g, g->n);
    for (uint64_t i = 0; i < g->n; i++) {
        const uint64_t order[] = {i, g->n - 1 - i, shuffled[i]};
        gen_del(g, order[g->variant]);
    }
    free(shuffled);
}

const struct workload workload_fill_drain = {
    .name = "fill_drain",
    .summary = "n entries come, then all are erased: oldest first, newest first, or at random",
    .hurts = "the article's own case: whoever never releases keeps its peak; whoever releases as "
             "it goes pays for moving what is left, again and again",
    .variants = orders,
    .unasked = true,
    .generate = generate,
};
