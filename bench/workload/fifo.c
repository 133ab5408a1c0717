/* fifo: a queue of constant length; the newest comes, the oldest goes.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

enum { TURNOVERS = 3 };

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    for (uint64_t i = 0; i < TURNOVERS * g->n; i++) {
        gen_put(g, g->n + i);
        gen_del(g, i);
    }
}

const struct workload workload_fifo = {
    .name = "fifo",
    .summary = "n entries come; then the newest comes and the oldest goes, three times round",
    .hurts = "hurts tables that leave dead slots, since each pair leaves one and they must rebuild "
             "for ever; favours those that close or reuse the hole",
    .unasked = true,
    .generate = generate,
};
