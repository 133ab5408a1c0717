/* batch: three quarters go at once and come back, with or without a word to the
 * table beforehand.
 *
 * Origin: redis/redis#14783 and valkey-io/valkey#3535, which pause shrinking
 * around a mass erasure.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static const char *const forms[] = {"held", "free", NULL};

enum { HELD, BATCHES = 2 };

static void generate(struct gen *g)
{
    uint64_t batch = g->n - g->n / 4;
    uint64_t oldest = 0;
    uint64_t next = 0;
    while (next < g->n)
        gen_put(g, next++);
    for (unsigned b = 0; b < BATCHES; b++) {
        if (g->variant == HELD)
            gen_step(g, HT_HOLD, 0);
        for (uint64_t i = 0; i < batch; i++)
            gen_del(g, oldest++);
        if (g->variant == HELD)
            gen_step(g, HT_RESUME, 0);
        for (uint64_t i = 0; i < batch; i++)
            gen_put(g, next++);
    }
}

const struct workload workload_batch = {
    .name = "batch",
    .summary = "n entries come; then the oldest three quarters are erased, held or free, and as "
               "many come, twice",
    .hurts = "hurts tables that shrink in the middle of a batch, only to grow after it; favours "
             "those that can be told to wait",
    .variants = forms,
    .unasked = true,
    .generate = generate,
};
