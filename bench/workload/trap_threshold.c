/* trap_threshold: one entry more, one less, just where a table has shrunk.
 *
 * Origin: Redis (dict.c, 2024) shrinks when an erase leaves 1/8 of its slots in
 * use, which is a power of two, and takes as many slots as there are entries: a
 * load of 1.0, so that the very next insertion grows it again. fastutil halved
 * and doubled all the time (vigna/fastutil#60). Hardly a pair should rebuild.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

enum { PAIRS_MOST = 1000 };

static void generate(struct gen *g)
{
    uint64_t level = 1;
    while (2 * level <= g->n / 8)
        level *= 2;
    uint64_t oldest = 0;
    uint64_t next = 0;
    while (next < g->n)
        gen_put(g, next++);
    while (next - oldest > level)
        gen_del(g, oldest++);
    for (uint64_t i = 0; i < g->n && i < PAIRS_MOST; i++) {
        gen_put(g, next++);
        gen_del(g, oldest++);
    }
}

const struct workload workload_trap_threshold = {
    .name = "trap_threshold",
    .summary =
        "n entries come, a power of two at most n/8 stay; then one comes and one goes, up to "
        "1000 times (Redis: the first to come grows it again)",
    .hurts = "hurts tables that shrink to just what is live and grow at the next entry; favours "
             "those that land with room to spare",
    .unasked = true,
    .generate = generate,
};
