/* trap_few_live: a few entries stay and keep the peak alive.
 *
 * Origin: Ruby's Hash (st.c, seen with 3.1.2). A full log of fewer than four
 * live entries is compacted where it is instead of moved to a smaller one: of
 * 10^6 entries drained to 3 it keeps 33.5 MB for ever, whatever comes and goes;
 * drained to 4, it shrinks after 48,640 pairs.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

enum { FEW = 3 };

static void generate(struct gen *g)
{
    uint64_t next = 0;
    while (next < g->n)
        gen_put(g, next++);
    for (uint64_t i = 0; i + FEW < g->n; i++)
        gen_del(g, i);
    for (uint64_t i = 0; i < (g->n + 1) / 2; i++) {
        gen_put(g, next);
        gen_del(g, next++);
    }
}

const struct workload workload_trap_few_live = {
    .name = "trap_few_live",
    .summary = "n entries come, all but 3 go; then one comes and goes, n/2 times (Ruby: the peak "
               "stays for ever)",
    .hurts = "hurts tables that release only when the last entry goes, or that treat a handful as "
             "a case apart; favours those that follow the number of entries all the way",
    .unasked = true,
    .generate = generate,
};
