/* blink: one entry comes and goes, n times.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++) {
        gen_put(g, i);
        gen_del(g, i);
    }
}

const struct workload workload_blink = {
    .name = "blink",
    .summary = "one entry comes and goes, n times, a new key each time",
    .hurts = "hurts tables that release whenever they are empty, which ask the allocator at every "
             "step; favours those that keep their slots",
    .unasked = true,
    .generate = generate,
};
