/* trap_hollow: visiting the few that are left costs as much as visiting all.
 *
 * Origin: abseil/abseil-cpp#223 (visiting 1 live entry of 10^6) and
 * golang/go#70617. A scan should look at slots in proportion to the entries it
 * finds, not to the peak.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include <stdlib.h>

enum { SCANS = 20 };

static void generate(struct gen *g)
{
    uint64_t survivors = g->n < 1000 ? 1 : g->n / 1000;
    uint64_t *order = gen_shuffled(g, g->n);
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    for (uint64_t i = survivors; i < g->n; i++)
        gen_del(g, order[i]);
    gen_mark(g);
    for (unsigned i = 0; i < SCANS; i++) {
        gen_step(g, HT_SCAN, 0);
        gen_get(g, order[gen_random(g, survivors)]);
    }
    free(order);
}

const struct workload workload_trap_hollow = {
    .name = "trap_hollow",
    .summary = "n entries come, one in 1000 stays; 20 scans, each with a lookup (abseil, Go: every "
               "scan walks the peak)",
    .hurts = "hurts tables that keep their slots: each scan costs what the peak did; favours those "
             "that shrink as they empty",
    .unasked = true,
    .generate = generate,
};
