/* trap_clear: after one spike, clearing a single entry costs as much as
 * clearing the spike.
 *
 * Origin: Go's map, golang/go#70617 (clear walks every slot there ever was);
 * Tessil/robin-map#31. A clear should cost in proportion to what came since the
 * last one.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

enum { ROUNDS = 50 };

static void generate(struct gen *g)
{
    uint64_t next = 0;
    while (next < g->n)
        gen_put(g, next++);
    gen_step(g, HT_CLEAR, 0);
    gen_mark(g);
    for (unsigned i = 0; i < ROUNDS; i++) {
        gen_put(g, next++);
        gen_step(g, HT_CLEAR, 0);
    }
}

const struct workload workload_trap_clear = {
    .name = "trap_clear",
    .summary = "n entries come and are cleared; then one comes and is cleared, 50 times (Go: every "
               "clear walks the peak)",
    .hurts =
        "hurts tables that wipe their slots and keep them; favours those that release on clear, "
        "or start small again",
    .generate = generate,
};
