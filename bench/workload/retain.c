/* retain: entries are erased by the visit that passes them.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static void generate(struct gen *g)
{
    uint64_t next = 0;
    while (next < g->n)
        gen_put(g, next++);
    gen_step(g, HT_RETAIN, 2);
    gen_step(g, HT_SCAN, 0);
    while (next < g->n + g->n / 2) /* back to about n: which keys went is their hash's affair */
        gen_put(g, next++);
    gen_step(g, HT_RETAIN, 3);
    gen_mark(g);
    gen_step(g, HT_SCAN, 0);
    for (uint64_t i = 0; i < next; i++)
        gen_get(g, i);
}

const struct workload workload_retain = {
    .name = "retain",
    .summary = "n entries come, a visit erases half; back to n, a visit erases a third; scans, and "
               "lookups of all that ever came",
    .hurts =
        "hurts tables that move entries when one is erased, since the visit must not miss any; "
        "favours those that erase in place and clean up after the visit",
    .unasked = true,
    .generate = generate,
};
