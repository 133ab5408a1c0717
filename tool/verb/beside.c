/* ebb beside: tables and one that they are held against, in turn in one process.
 *
 * Every table goes through the same phases on the same steps, in its own loop; then every
 * table again, in the other order, as many rounds as asked for. So a drift of the machine
 * meets all alike, and ratios can be read where times cannot.
 *
 * One size says little: where a table has just doubled it is fast, where it is about to it is
 * small, and each does so at another size. So several are measured, spread over one doubling.
 *
 * Two of ours are meant to be held against the best of today: the engine on which strategies are
 * seen on a fast table, and the table that gives memory back (DESIGN.md, section 5). The base has
 * the hash that all tables have; beside it stands the same map with its own, as people use it.
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
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A part of a phase has so many steps, that reading the clock, 0.4 us, is nothing beside them. */
enum { PART = 16384, ROUNDS_MOST = 64, SIZES_MOST = 16, SURVIVORS = 100 };

static const char usual_base[] = "peer/boost_unordered_flat_map",
                  usual_tables[] =
                      "group/tombstone,segment/follow,peer/boost_unordered_flat_map_own";

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

struct rivals {
    struct rival *all; /* the base first */
    size_t count;
};

/* The steps of all phases, the same for every table. */
struct life {
    uint64_t n;
    uint64_t *live; /* ordinals of the keys that are there */
    uint64_t next;  /* the first ordinal that never was */
    struct ht_op ops[PART];
};

/* ---- the steps ------------------------------------------------------------------------ */

static uint64_t steps_of(const struct life *l, enum phase phase)
{
    uint64_t n = l->n, gone = n - n / SURVIVORS;
    const uint64_t steps[PHASES] = {n, n, n, 2 * n, 2 * n, n, gone, gone};
    return steps[phase];
}

/* The key at a place goes, or a new one comes to it. */
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

/* ---- one replay ------------------------------------------------------------------------ */

static double run_phase(struct subject *s, struct life *l, enum phase phase, uint64_t *answers)
{
    uint64_t steps = steps_of(l, phase), took = 0;
    for (uint64_t from = 0; from < steps; from += PART) {
        uint64_t count = steps - from < PART ? steps - from : PART;
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
    return (double)s->mem.live / (double)live;
}

static void replay(struct rival *r, struct life *l, unsigned round)
{
    struct subject s = {.table = r->table, .n = l->n};
    subject_start(&s);
    l->next = 0;
    for (enum phase phase = INSERT; phase < PHASES; phase++) {
        r->answers[phase] = 0;
        if (phase == ERASE)
            subject_shuffle(l->live, l->n);
        r->ns[phase][round] = run_phase(&s, l, phase, &r->answers[phase]);
        if (phase == INSERT)
            r->full = bytes_each(&s, l->n);
        if (phase == ERASE)
            r->left = bytes_each(&s, l->n / SURVIVORS);
    }
    subject_end(&s);
}

/* ---- all of them ------------------------------------------------------------------------- */

/* What is answered does not depend on the table. */
static bool agree(const struct rivals *r)
{
    for (size_t i = 1; i < r->count; i++)
        for (enum phase phase = INSERT; phase < PHASES; phase++)
            if (r->all[i].answers[phase] != r->all[0].answers[phase]) {
                (void)say("%s and %s answer differently in %s: ebb replay says which is wrong",
                          r->all[0].table->name, r->all[i].table->name, phase_names[phase]);
                return false;
            }
    return true;
}

/* Of every phase the median time, and the median of the rounds' ratios. */
static void print(const struct rivals *r, uint64_t n, unsigned rounds)
{
    for (size_t i = 0; i < r->count; i++) {
        (void)printf("%s\t%" PRIu64, r->all[i].table->name, n);
        for (enum phase phase = INSERT; phase < PHASES; phase++) {
            double ns[ROUNDS_MOST], ratio[ROUNDS_MOST];
            for (unsigned round = 0; round < rounds; round++) {
                ns[round] = r->all[i].ns[phase][round];
                ratio[round] = ns[round] / r->all[0].ns[phase][round];
            }
            (void)printf("\t%.2f\t%.3f", subject_median(ns, rounds), subject_median(ratio, rounds));
        }
        (void)printf("\t%.1f\t%.1f\t%u\n", r->all[i].full, r->all[i].left, rounds);
    }
}

static bool compare(struct rivals *r, uint64_t n, unsigned rounds)
{
    struct life *l = malloc(sizeof *l);
    CHECK(l);
    l->n = n;
    l->live = malloc(n * sizeof *l->live);
    CHECK(l->live);
    for (unsigned round = 0; round < rounds; round++)
        for (size_t i = 0; i < r->count; i++)
            replay(&r->all[round % 2 ? r->count - 1 - i : i], l, round);
    free(l->live);
    free(l);
    if (!agree(r))
        return false;
    print(r, n, rounds);
    return fflush(stdout) == 0;
}

/* Does one of some patterns, separated by commas, match a name? */
static bool any_glob(const char *patterns, const char *name)
{
    char *list = strdup(patterns), *rest = NULL;
    CHECK(list);
    bool found = false;
    for (char *one = strtok_r(list, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
        found |= ht_glob(one, name);
    free(list);
    return found;
}

/* Behind the base each other table that is asked for. */
static struct rivals choose(const struct ht_table *base, const char *globs)
{
    size_t room = 1;
    while (ht_tables[room - 1])
        room++;
    struct rivals r = {.all = calloc(room, sizeof *r.all), .count = 1};
    CHECK(r.all);
    r.all[0].table = base;
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *t = ht_tables[i];
        if (t != base && !t->absent && !(t->traits & HT_SILENT) && any_glob(globs, t->name))
            r.all[r.count++].table = t;
    }
    return r;
}

static int compare_sizes(struct rivals *r, uint64_t n, unsigned sizes, unsigned rounds)
{
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 128 * 1024);
    (void)printf("table\tn");
    for (enum phase phase = INSERT; phase < PHASES; phase++)
        (void)printf("\t%s\t%s_ratio", phase_names[phase], phase_names[phase]);
    (void)printf("\tfull\tleft\trounds\n");
    for (unsigned i = 0; i < sizes; i++)
        if (!compare(r, (uint64_t)((double)n * exp2((double)i / sizes)), rounds))
            return EBB_WRONG;
    return flush_output() ? EBB_OK : EBB_WRONG;
}

static int run(int argc, char **argv)
{
    struct args args;
    uint64_t n = 1000000, sizes = 4, rounds = 4;
    if (!args_parse(&args, argc, argv, "base table n sizes rounds", "") ||
        !args_number(&args, "n", SURVIVORS, UINT64_C(1) << 32, &n) ||
        !args_number(&args, "sizes", 1, SIZES_MOST, &sizes) ||
        !args_number(&args, "rounds", 1, ROUNDS_MOST, &rounds))
        return EBB_USAGE;
    if (args.count)
        return say("beside: takes no argument, got '%s'", args.words[0]);
    const char *name = args_get(&args, "base"), *globs = args_get(&args, "table");
    const struct ht_table *base = ht_find_table(name ? name : usual_base);
    if (!base && !name)
        return say("%s is not in this build: choose what to compare with by --base", usual_base);
    if (!base || base->traits & HT_SILENT)
        return say("unknown table '%s' (known: %s)", name, known_tables());
    struct rivals rivals = choose(base, globs ? globs : usual_tables);
    int status = rivals.count > 1 ? compare_sizes(&rivals, n, (unsigned)sizes, (unsigned)rounds)
                                  : say("'%s' matches no table beside %s (known: %s)",
                                        globs ? globs : usual_tables, base->name, known_tables());
    free(rivals.all);
    return status;
}

const struct verb verb_beside = {
    .name = "beside",
    .arguments = "[--table GLOB[,GLOB ...]] [--base TABLE] [--n N] [--sizes K] [--rounds R]",
    .summary = "tables beside one that they are held against, in turn in one process",
    .help =
        "A line for each table and size, the base first, separated by tabs: of each phase the CPU\n"
        "time a step in ns, the median of R rounds (4), and the median of what it was over the\n"
        "base's in each (_ratio); then bytes a live entry when full and when 1 % is left, and R.\n"
        "The phases: insert, hit, miss; fifo and churn, an erase and an insert of the oldest and\n"
        "of any; miss again (after_churn); erase 99 % in random order; refill. K sizes (4) from N\n"
        "(10^6, 100 at least) on, spread over one doubling. Without --table group/tombstone,\n"
        "segment/follow and Boost's flat map with its own hash; without --base that map with the\n"
        "hash of all tables. Pages come from the kernel.\n",
    .run = run,
};
