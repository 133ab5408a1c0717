/* sawtooth: the number of entries swings between two levels, over and over.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

static const char *const lows[] = {"half", "quarter", NULL};

enum { STEPS_AN_ENTRY = 4 };

/* The live ordinals are those from `oldest` up to `next`. */
struct queue {
    uint64_t oldest, next;
};

static void reach(struct gen *g, struct queue *q, uint64_t level)
{
    while (q->next - q->oldest < level)
        gen_put(g, q->next++);
    while (q->next - q->oldest > level)
        gen_del(g, q->oldest++);
}

static void generate(struct gen *g)
{
    /* From a quarter to more than twice that: whoever fitted itself to the low
     * level with an eighth to spare has to grow for the high one. */
    const uint64_t low[] = {g->n / 2, g->n / 4};
    const uint64_t high[] = {g->n, g->n / 2 + g->n / 8 + 1};
    uint64_t swing = high[g->variant] - low[g->variant];
    struct queue q = {0};
    reach(g, &q, g->n);
    reach(g, &q, low[g->variant]);
    while (g->steps + 2 * swing <= STEPS_AN_ENTRY * g->n) {
        reach(g, &q, high[g->variant]);
        reach(g, &q, low[g->variant]);
    }
}

const struct workload workload_sawtooth = {
    .name = "sawtooth",
    .summary = "n entries come; then their number swings, from n/2 to n or from n/4 to 5n/8, the "
               "oldest going first",
    .hurts = "hurts tables that shrink early and land tight, which halve and double at every "
             "swing; favours those that keep their slots or leave a wide gap",
    .variants = lows,
    .unasked = true,
    .generate = generate,
};
