/* ebb beside: tables and one that they are held against, in turn in one process.
 *
 * Every table goes through the same phases on the same steps, in its own loop; then every
 * table again, in the other order, as many rounds as asked for. So a drift of the machine
 * meets all alike, and the ratios of the medians can be read where the times cannot.
 *
 * Two of ours are meant to be held against the best of today: the engine on which strategies are
 * seen on a fast table, and the table that gives memory back (DESIGN.md, section 5).
 *
 * Memory is cold: blocks of 128 KiB and more come from the kernel and go back to it, so that what
 * a table gives back and asks for again is in its time.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "define.h"
#include "say.h"
#include "subject.h"
#include "verb.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MOST = 99, TABLES_MOST = 64, PARTS = 64, SURVIVORS = 100 };

static const char usual_base[] = "peer/boost_unordered_flat_map",
                  usual_tables[] = "[gs]*/[tf]*"; /* group/tombstone, segment/follow */

/* FIFO and churn erase a key and put a new one, the oldest or any; after_churn is misses again;
 * erase leaves one key in a hundred, and refill brings new ones in their place. */
enum phase { INSERT, HIT, MISS, FIFO, CHURN, AFTER_CHURN, ERASE, REFILL, PHASES };
static const char *const phase_names[PHASES] = {"insert", "hit",         "miss",  "fifo",
                                                "churn",  "after_churn", "erase", "refill"};

struct rival {
    const struct ht_table *table;
    double ns[PHASES][ROUNDS_MOST]; /* a step */
    uint64_t answers[PHASES];       /* a checksum of all parts */
    double full, left;              /* bytes a live entry: when full, and after the erase */
};

/* The steps of all phases, the same for every table. */
struct life {
    uint64_t n;
    uint64_t *live; /* ordinals of the keys that are there */
    uint64_t next;  /* the first ordinal that never was */
    struct ht_op *ops;
};

/* ---- the steps ------------------------------------------------------------------------ */

static uint64_t steps_of(const struct life *l, enum phase phase)
{
    uint64_t n = l->n, gone = n - n / SURVIVORS;
    const uint64_t steps[PHASES] = {n, n, n, 2 * n, 2 * n, n, gone, gone};
    return steps[phase];
}

/* The key at a place goes, and a new one comes; a step each. */
static struct ht_op exchange(struct life *l, uint64_t place, bool comes)
{
    if (comes)
        l->live[place] = l->next++;
    return (struct ht_op){ht_mix(l->live[place]), comes ? HT_PUT : HT_DEL};
}

static struct ht_op next_step(struct life *l, enum phase phase, uint64_t i)
{
    switch (phase) {
    case HIT:
        return (struct ht_op){ht_mix(l->live[ht_mix(i) % l->n]), HT_GET};
    case MISS:
    case AFTER_CHURN:
        return (struct ht_op){ht_mix((UINT64_C(1) << 50) + i), HT_GET};
    case FIFO:
        return exchange(l, i / 2, i % 2);
    case CHURN:
        return exchange(l, ht_mix(l->n + i / 2) % l->n, i % 2);
    case ERASE:
        return exchange(l, i, false);
    case INSERT:
    case REFILL:
    case PHASES:
        break;
    }
    return exchange(l, i, true);
}

/* The keys in another order, which is the one in which they will go. */
static void shuffle(struct life *l)
{
    uint64_t *order = subject_order(l->n);
    for (uint64_t i = 0; i < l->n; i++)
        order[i] = l->live[order[i]];
    memcpy(l->live, order, l->n * sizeof *order);
    free(order);
}

/* ---- one replay ------------------------------------------------------------------------ */

static double run_phase(struct subject *s, struct life *l, enum phase phase, uint64_t *answers)
{
    uint64_t steps = steps_of(l, phase), took = 0;
    for (uint64_t part = 0; part < PARTS; part++) {
        uint64_t from = steps * part / PARTS, count = steps * (part + 1) / PARTS - from;
        for (uint64_t i = 0; i < count; i++)
            l->ops[i] = next_step(l, phase, from + i);
        uint64_t begin = subject_cpu_ns();
        uint64_t sum = s->table->run(&s->set, l->ops, count, from);
        took += subject_cpu_ns() - begin;
        *answers = ht_fold(*answers, sum);
    }
    return (double)took / (double)steps;
}

static double bytes_each(const struct subject *s, uint64_t live)
{
    return (double)s->mem.live / (double)(live ? live : 1);
}

static void replay(struct rival *r, const struct rival *base, struct life *l, unsigned round)
{
    struct subject s = {.table = r->table, .n = l->n};
    subject_start(&s);
    l->next = 0;
    for (enum phase phase = INSERT; phase < PHASES; phase++) {
        uint64_t answers = 0;
        if (phase == ERASE)
            shuffle(l);
        r->ns[phase][round] = run_phase(&s, l, phase, &answers);
        r->answers[phase] = answers;
        CHECK(answers == base->answers[phase]); /* in the first round the base comes first */
        if (phase == INSERT)
            r->full = bytes_each(&s, l->n);
        if (phase == ERASE)
            r->left = bytes_each(&s, l->n / SURVIVORS);
    }
    subject_end(&s);
}

/* ---- all of them ------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned n)
{
    qsort(values, n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void print(struct rival *rivals, unsigned count, uint64_t n, unsigned rounds)
{
    (void)printf("table\tn");
    for (enum phase phase = INSERT; phase < PHASES; phase++)
        (void)printf("\t%s\t%s_ratio", phase_names[phase], phase_names[phase]);
    (void)printf("\tfull\tleft\n");
    double base[PHASES];
    for (unsigned i = 0; i < count; i++) {
        (void)printf("%s\t%" PRIu64, rivals[i].table->name, n);
        for (enum phase phase = INSERT; phase < PHASES; phase++) {
            double ns = median(rivals[i].ns[phase], rounds);
            base[phase] = i ? base[phase] : ns;
            (void)printf("\t%.2f\t%.3f", ns, ns / base[phase]);
        }
        (void)printf("\t%.1f\t%.1f\n", rivals[i].full, rivals[i].left);
    }
}

static void compare(struct rival *rivals, unsigned count, uint64_t n, unsigned rounds)
{
    struct life l = {.n = n};
    l.live = malloc(n * sizeof *l.live);
    l.ops = malloc((2 * n / PARTS + 1) * sizeof *l.ops);
    CHECK(l.live && l.ops);
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 128 * 1024);
    for (unsigned round = 0; round < rounds; round++)
        for (unsigned i = 0; i < count; i++)
            replay(&rivals[round % 2 ? count - 1 - i : i], &rivals[0], &l, round);
    print(rivals, count, n, rounds);
    free(l.live);
    free(l.ops);
}

/* The base, and behind it each other table that is asked for. */
static unsigned choose(struct rival *rivals, const struct ht_table *base, const char *glob)
{
    unsigned count = 0;
    rivals[count++].table = base;
    for (size_t i = 0; ht_tables[i] && count < TABLES_MOST; i++) {
        const struct ht_table *t = ht_tables[i];
        if (t != base && !t->absent && !(t->traits & HT_SILENT) && ht_glob(glob, t->name))
            rivals[count++].table = t;
    }
    return count;
}

static int run(int argc, char **argv)
{
    struct args args;
    uint64_t n = 1000000, rounds = 5;
    if (!args_parse(&args, argc, argv, "base table n rounds", "") ||
        !args_number(&args, "n", SURVIVORS, UINT64_C(1) << 32, &n) ||
        !args_number(&args, "rounds", 1, ROUNDS_MOST, &rounds))
        return EBB_USAGE;
    if (args.count)
        return say("beside: takes no argument, got '%s'", args.words[0]);
    const char *wanted = args_get(&args, "base"), *glob = args_get(&args, "table");
    const struct ht_table *base = ht_find_table(wanted ? wanted : usual_base);
    if (!base)
        return say("unknown table '%s' (%sknown: %s)", wanted ? wanted : usual_base,
                   wanted ? "" : "its package is missing: choose another by --base; ",
                   known_tables());
    struct rival *rivals = calloc(TABLES_MOST, sizeof *rivals);
    CHECK(rivals);
    unsigned count = choose(rivals, base, glob ? glob : usual_tables);
    if (count > 1)
        compare(rivals, count, n, (unsigned)rounds);
    free(rivals);
    if (count == 1)
        return say("unknown table '%s' (known: %s)", glob ? glob : usual_tables, known_tables());
    return flush_output() ? EBB_OK : EBB_WRONG;
}

const struct verb verb_beside = {
    .name = "beside",
    .arguments = "[--table GLOB] [--base TABLE] [--n N] [--rounds R]",
    .summary = "tables beside one that they are held against, in turn in one process",
    .help =
        "One line a table, the base first, separated by tabs: of each phase the CPU time a step "
        "in\n"
        "ns, the median of R rounds (5), and that over the base's (_ratio); then bytes a live "
        "entry\n"
        "when full and when 1 % is left. The phases, on n entries: insert, hit, miss; fifo and\n"
        "churn, an erase and an insert of the oldest and of any; miss again (after_churn); erase\n"
        "99 % in random order; refill. Without --table group/tombstone and segment/follow, without "
        "--base\n"
        "peer/boost_unordered_flat_map. Pages come fresh from the kernel.\n",
    .run = run,
};
