/* fifo: a queue of constant length; the newest comes, the oldest goes.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

/* Many, where many are cheap: a table settles after a few. */
enum { TURNOVERS = 2, TURNOVERS_SMALL = 10, SMALL = 100000 };

static void generate(struct gen *g)
{
    uint64_t turnovers = g->n <= SMALL ? TURNOVERS_SMALL : TURNOVERS;
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    for (uint64_t i = 0; i < turnovers * g->n; i++) {
        gen_put(g, g->n + i);
        gen_del(g, i);
    }
}

const struct workload workload_fifo = {
    .name = "fifo",
    .summary = "n entries come; then the newest comes and the oldest goes: ten times round up to "
               "10^5 entries, then twice",
    .hurts = "hurts tables that leave dead slots, since each pair leaves one and they must rebuild "
             "for ever; favours those that close or reuse the hole",
    .unasked = true,
    .generate = generate,
};
