/* many_small: many tables of a few entries each, as in real programs, where
 * what an almost empty table holds counts more than what a full one does.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include "check.h"

#include <stdlib.h>

enum { ENTRIES_MOST = 8, N_A_TABLE = 10 };

static void generate(struct gen *g)
{
    uint64_t tables = g->n < N_A_TABLE ? 1 : g->n / N_A_TABLE;
    unsigned char *entries = malloc(tables);
    CHECK(entries);
    for (uint64_t t = 0; t < tables; t++) {
        entries[t] = (unsigned char)gen_random(g, (g->n < ENTRIES_MOST ? g->n : ENTRIES_MOST) + 1);
        gen_step(g, HT_USE, t);
        for (uint64_t i = 0; i < entries[t]; i++)
            gen_put(g, t * ENTRIES_MOST + i);
    }
    for (uint64_t t = 0; t < tables; t++) {
        if (gen_random(g, 4) == 0)
            continue;
        gen_step(g, HT_USE, t);
        for (uint64_t i = 0; i < entries[t]; i++)
            gen_del(g, t * ENTRIES_MOST + i);
    }
    gen_mark(g);
    for (uint64_t t = 0; t < tables; t++) {
        gen_step(g, HT_USE, t);
        gen_get(g, t * ENTRIES_MOST);
    }
    free(entries);
}

const struct workload workload_many_small = {
    .name = "many_small",
    .summary = "n/10 tables of 0 to 8 entries come, three in four are emptied and none dropped; "
               "one get in each",
    .hurts = "hurts tables with a large handle or a large smallest size; favours those that hold "
             "nothing when empty",
    .unasked = true,
    .generate = generate,
};
