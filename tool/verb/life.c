/* ebb life: time against memory over a whole life of a table.
 *
 * It grows to n entries, idles, loses 99 % of them, idles small, turns over small (first in,
 * first out), grows back to n and turns over there. Each phase runs in parts, in the table's own
 * loop; after each part its bytes are read. Of a phase this tells the CPU time a step and the
 * bytes a live entry, in the middle over its parts and at most. A life is lived three times and
 * the least time of a phase counts, since a busy machine only adds; the bytes are the same.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "hash.h"
#include "say.h"
#include "subject.h"
#include "verb.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SURVIVORS = 100, /* one entry in so many */
    PARTS = 16,      /* of a phase */
    LIVES = 3
};

enum phase { GROW, IDLE, PURGE, IDLE_SMALL, CHURN_SMALL, REGROW, CHURN, PHASES };

static const char heading[] = "grow_ns\tgrow_bytes\tgrow_most\tidle_ns\tidle_bytes\tidle_most\t"
                              "purge_ns\tpurge_bytes\tpurge_most\tidle_small_ns\tidle_small_bytes\t"
                              "idle_small_most\tchurn_small_ns\tchurn_small_bytes\t"
                              "churn_small_most\tregrow_ns\tregrow_bytes\tregrow_most\tchurn_ns\t"
                              "churn_bytes\tchurn_most";

struct told {
    double ns, bytes, most; /* a step; a live entry */
};

/* The ordinals that live, oldest first. */
struct life {
    struct subject s;
    uint64_t *queue, first, last, next; /* queue[first] to queue[last - 1]; the next new one */
    struct ht_op *ops;
    uint64_t step;
    struct told told[PHASES];
};

static uint64_t live(const struct life *l)
{
    return l->last - l->first;
}

static struct ht_op put_new(struct life *l)
{
    l->queue[l->last++] = l->next;
    return (struct ht_op){ht_mix(l->next++), HT_PUT};
}

static struct ht_op del_oldest(struct life *l)
{
    return (struct ht_op){ht_mix(l->queue[l->first++]), HT_DEL};
}

static struct ht_op next_step(struct life *l, enum phase phase, uint64_t i)
{
    if (phase == GROW || phase == REGROW)
        return put_new(l);
    if (phase == PURGE)
        return del_oldest(l);
    if (phase == IDLE || phase == IDLE_SMALL)
        return (struct ht_op){ht_mix(l->queue[l->first + ht_mix(i) % live(l)]), HT_GET};
    return i % 2 ? del_oldest(l) : put_new(l);
}

static uint64_t steps_of(const struct life *l, enum phase phase)
{
    uint64_t n = l->s.n, few = n / SURVIVORS;
    const uint64_t steps[PHASES] = {n, n, n - few, n / 4, n / 2, n - few, n};
    return steps[phase];
}

static void run_phase(struct life *l, enum phase phase)
{
    uint64_t steps = steps_of(l, phase), took = 0;
    double bytes = 0, most = 0;
    for (uint64_t part = 0; part < PARTS; part++) {
        uint64_t from = steps * part / PARTS, count = steps * (part + 1) / PARTS - from;
        for (uint64_t i = 0; i < count; i++)
            l->ops[i] = next_step(l, phase, from + i);
        uint64_t begin = subject_cpu_ns();
        (void)l->s.table->run(&l->s.set, l->ops, count, l->step);
        took += subject_cpu_ns() - begin;
        l->step += count;
        double held = (double)l->s.mem.live / (double)live(l);
        bytes += held / PARTS;
        most = held > most ? held : most;
    }
    double ns = (double)took / (double)steps;
    struct told *told = &l->told[phase];
    *told = (struct told){told->ns > 0 && told->ns < ns ? told->ns : ns, bytes, most};
}

static void live_once(struct life *l)
{
    subject_start(&l->s);
    l->first = l->last = l->next = l->step = 0;
    for (enum phase phase = GROW; phase < PHASES; phase++) {
        if (phase == PURGE)
            subject_shuffle(l->queue + l->first, live(l)); /* in which they will go */
        run_phase(l, phase);
    }
    struct ht_stats stats;
    l->s.table->stats(l->s.t, &stats);
    CHECK(stats.live == live(l));
    subject_end(&l->s);
}

static void measure(const struct ht_table *table, uint64_t n)
{
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* glibc's own start, without its adapting */
    struct life l = {.s = {.table = table, .n = n}};
    l.queue = malloc(4 * n * sizeof *l.queue);
    l.ops = malloc((n / PARTS + 1) * sizeof *l.ops);
    CHECK(l.queue && l.ops);
    for (unsigned i = 0; i < LIVES; i++)
        live_once(&l);
    for (enum phase phase = GROW; phase < PHASES; phase++)
        (void)printf("\t%.2f\t%.1f\t%.1f", l.told[phase].ns, l.told[phase].bytes,
                     l.told[phase].most);
    free(l.queue);
    free(l.ops);
}

static int run(int argc, char **argv)
{
    struct args args;
    uint64_t n = 1000000;
    if (!args_parse(&args, argc, argv, "table n", "") ||
        !args_number(&args, "n", UINT64_C(16) * SURVIVORS, UINT64_C(1) << 30, &n))
        return EBB_USAGE;
    if (args.count)
        return say("life: takes no argument, got '%s'", args.words[0]);
    return subjects_measure(args_get(&args, "table"), NULL, n, heading, measure);
}

const struct verb verb_life = {
    .name = "life",
    .arguments = "[--table GLOB] [--n N]",
    .summary = "time against memory over a life that grows, idles, purges and churns",
    .help =
        "One line a table, separated by tabs. Of each phase: the CPU time a step in ns (_ns; the\n"
        "least of three lives), and the bytes a live entry, in the middle (_bytes) and at most\n"
        "(_most). The phases: grow to n entries; idle (hits); purge (99 % go, in random order);\n"
        "idle_small; churn_small (first in, first out); regrow to n; churn there.\n",
    .run = run,
};
