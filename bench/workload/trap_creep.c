/* trap_creep: dead slots that double a table whose number of entries never
 * changes.
 *
 * Origin: Go's map, golang/go#16070 (2016) and #70886 (2024: 128 slots became
 * 1024 at a load of 44 % within 10^5 pairs); hashbrown, which grows when dead
 * slots fill it and more than half is live; ziglang/zig#17851. The number of
 * slots after the first turnover should be the number after the last.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

enum { TURNOVERS = 2 };

/* 15/16 of what a table with a load limit of 3/4 may hold: almost no room for
 * dead slots. The highest such level that is at most n. */
static uint64_t tight_level(uint64_t n)
{
    uint64_t slots = 2;
    while (2 * slots * 45 / 64 <= n)
        slots *= 2;
    return slots * 45 / 64;
}

static void generate(struct gen *g)
{
    uint64_t level = tight_level(g->n);
    for (uint64_t i = 0; i < level; i++)
        gen_put(g, i);
    for (uint64_t i = 0; i < TURNOVERS * level; i++) {
        gen_put(g, level + i);
        gen_del(g, i);
    }
}

const struct workload workload_trap_creep = {
    .name = "trap_creep",
    .summary = "up to n entries come, 15/16 of a load limit of 3/4; then the newest comes and the "
               "oldest goes, twice round (the slots should stay)",
    .hurts = "hurts tables that take their dead slots for growth and double; favours those that "
             "clean in place or leave nothing dead",
    .unasked = true,
    .generate = generate,
};
