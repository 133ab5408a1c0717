/* trap_clone: a copy that copies the holes.
 *
 * Origin: CPython's dict, 3.7 and later. copy() clones the block, holes and
 * spare room included, as soon as two thirds of the log are live
 * (clone_combined_dict_keys in Objects/dictobject.c; bpo-31179); dict() fills a
 * new one. Of 10^6 entries with 670,000 live, 3.9 reports 41,943,136 bytes for
 * the copy and 20,971,608 for dict(); with 660,000 both are 20,971,608.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include <stdlib.h>

static const char *const copies[] = {"copy", "rebuild_copy", NULL};

static void generate(struct gen *g)
{
    static const enum ht_kind kinds[] = {HT_COPY, HT_REBUILD_COPY};
    uint64_t survivors = (67 * g->n + 99) / 100;
    uint64_t *order = gen_shuffled(g, g->n);
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
    for (uint64_t i = survivors; i < g->n; i++)
        gen_del(g, order[i]);
    gen_step(g, kinds[g->variant], 0);
    gen_mark(g);
    for (uint64_t i = 0; i < (g->n + 1) / 2; i++)
        gen_get(g, order[gen_random(g, survivors)]);
    free(order);
}

const struct workload workload_trap_clone = {
    .name = "trap_clone",
    .summary = "n entries come, 33 % are erased at random, the table is copied, the survivors are "
               "looked up (CPython: the copy is as large as the original, dict() half)",
    .hurts = "hurts tables whose copy clones their slots: it is quick and as hollow as what it "
             "copies; favours those that copy what is live",
    .variants = copies,
    .generate = generate,
};
