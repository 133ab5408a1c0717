/* reserved: room for n was asked for; who shrinks below it breaks its word.
 *
 * Origin: vigna/fastutil#60, where maps made for a known size shrank and grew
 * all the time; cured by never going below the size asked for.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static void generate(struct gen *g)
{
    uint64_t half = (g->n + 1) / 2;
    gen_step(g, HT_RESERVE, g->n);
    for (uint64_t i = 0; i < half; i++)
        gen_put(g, i);
    for (uint64_t i = 0; i < half; i++)
        gen_del(g, i);
    for (uint64_t i = 0; i < half; i++)
        gen_put(g, half + i);
}

const struct workload workload_reserved = {
    .name = "reserved",
    .summary = "room for n is reserved; n/2 entries come, all go, n/2 others come",
    .hurts = "hurts tables that forget the reservation when they empty, and grow all over again; "
             "favours those that take it for a floor",
    .generate = generate,
};
