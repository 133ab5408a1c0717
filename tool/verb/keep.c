/* ebb keep: what a table keeps after its entries are deleted, and what it costs to get
 * it back.
 *
 * Each table is filled with n random keys, loses 99 % of them in random order, gets one
 * more, and is asked to give back what it can: by its own call, or where it has none by
 * filling a new table from it. After each, bytes and the process's resident memory; the
 * longest single insert and erase; then, in a fresh table, what first-in first-out churn
 * does to the cost of a miss.
 *
 * A table runs in a process of its own, so that one which ends it costs one line.
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
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SURVIVORS = 100,      /* one entry in so many */
    MISSES = 200000,      /* looked up to time a miss */
    CHURN_ROUNDS = 4,     /* inserts and erases of churn, in multiples of its live entries */
    CHURN_MOST = 1000000, /* live entries of churn */
    LONG_NS = 20000       /* shorter steps are not told apart: 0 in the table */
};

/* ---- time -------------------------------------------------------------------------- */

static uint64_t wall_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The longest step so far. A long one counts without the time in which this thread did not
 * run: what the clock advanced beyond the thread's CPU time since the last look. */
struct pause {
    uint64_t longest, wall, cpu;
};

static struct pause pause_start(void)
{
    return (struct pause){.wall = wall_ns(), .cpu = subject_cpu_ns()};
}

static void pause_step(struct pause *p, uint64_t start)
{
    uint64_t now = wall_ns(), took = now - start;
    if (took < LONG_NS)
        return;
    uint64_t cpu = subject_cpu_ns(), wall_since = now - p->wall, cpu_since = cpu - p->cpu;
    uint64_t away = wall_since > cpu_since ? wall_since - cpu_since : 0;
    took -= away < took ? away : took;
    if (took > p->longest)
        p->longest = took;
    p->wall = now;
    p->cpu = cpu;
}

/* ---- one table ----------------------------------------------------------------------- */

static uint64_t resident(void)
{
    char line[200];
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file && fgets(line, sizeof line, file));
    (void)fclose(file);
    const char *second = strchr(line, ' '); /* behind the pages of the address space */
    CHECK(second);
    return strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Prints bytes a live entry, and the resident bytes above what there was without a table. */
static void print_bytes(const struct subject *s, uint64_t live, uint64_t before)
{
    uint64_t now = resident();
    (void)printf("\t%.1f\t%" PRIu64, (double)s->mem.live / (double)live,
                 now > before ? now - before : 0);
}

/* Keys of ordinals that are never stored; in the table's own loop. */
static double time_misses(struct subject *s)
{
    struct ht_op *ops = malloc(MISSES * sizeof *ops);
    CHECK(ops);
    for (uint64_t i = 0; i < MISSES; i++)
        ops[i] = (struct ht_op){ht_mix((UINT64_C(1) << 50) + i), HT_GET};
    uint64_t begin = subject_cpu_ns(), answers = s->table->run(&s->set, ops, MISSES, 0);
    uint64_t took = subject_cpu_ns() - begin;
    CHECK(answers == 0);
    free(ops);
    return (double)took / MISSES;
}

static uint64_t grow(struct subject *s)
{
    struct pause pause = pause_start();
    for (uint64_t i = 0; i < s->n; i++) {
        uint64_t begin = wall_ns();
        CHECK(s->table->put(s->t, ht_mix(i), i) == HT_NEW);
        pause_step(&pause, begin);
    }
    return pause.longest;
}

static uint64_t purge(struct subject *s, const uint64_t *order, uint64_t count)
{
    struct pause pause = pause_start();
    for (uint64_t i = 0; i < count; i++) {
        uint64_t begin = wall_ns();
        CHECK(s->table->del(s->t, ht_mix(order[i])));
        pause_step(&pause, begin);
    }
    return pause.longest;
}

static void churn(struct subject *s, uint64_t live)
{
    for (uint64_t i = live; i < (CHURN_ROUNDS + 1) * live; i++) {
        CHECK(s->table->put(s->t, ht_mix(i), i) == HT_NEW);
        CHECK(s->table->del(s->t, ht_mix(i - live)));
    }
}

static void measure_release(struct subject *s)
{
    uint64_t *order = subject_order(s->n), live = s->n / SURVIVORS, before = resident();
    subject_start(s);
    uint64_t growing = grow(s);
    print_bytes(s, s->n, before);
    uint64_t deleting = purge(s, order, s->n - live);
    print_bytes(s, live, before);
    CHECK(s->table->put(s->t, ht_mix(s->n), s->n) == HT_NEW);
    print_bytes(s, live + 1, before);
    bool own = !(s->table->traits & HT_NO_COMPACT);
    uint64_t begin = subject_cpu_ns();
    CHECK(own ? s->table->compact(s->t) : s->table->rebuild_copy(s->t));
    uint64_t took = subject_cpu_ns() - begin;
    print_bytes(s, live + 1, before);
    (void)printf("\t%s\t%.3f\t%.3f\t%.3f", own ? "own" : "refill", (double)took / 1e6,
                 (double)growing / 1e6, (double)deleting / 1e6);
    free(order);
    subject_end(s);
}

static void measure_churn(struct subject *s)
{
    uint64_t live = s->n < CHURN_MOST ? s->n : CHURN_MOST;
    subject_start(s);
    for (uint64_t i = 0; i < live; i++)
        CHECK(s->table->put(s->t, ht_mix(i), i) == HT_NEW);
    size_t bytes = s->mem.live;
    double fresh = time_misses(s);
    churn(s, live);
    (void)printf("\t%.1f\t%.1f\t%.2f", fresh, time_misses(s),
                 bytes ? (double)s->mem.live / (double)bytes : 0);
    subject_end(s);
}

static void measure(const struct ht_table *table, uint64_t n)
{
    struct subject s = {.table = table, .n = n};
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* glibc's own start, without its adapting */
    measure_release(&s);
    measure_churn(&s);
}

static int run(int argc, char **argv)
{
    struct args args;
    uint64_t n = 1000000;
    if (!args_parse(&args, argc, argv, "table n", "") ||
        !args_number(&args, "n", UINT64_C(2) * SURVIVORS, UINT64_C(1) << 32, &n))
        return EBB_USAGE;
    if (args.count)
        return say("keep: takes no argument, got '%s'", args.words[0]);
    return subjects_measure(args_get(&args, "table"), NULL, n,
                            "full\tfull_rss\tdeleted\tdeleted_rss\tinsert\tinsert_rss\tback\t"
                            "back_rss\thow\tback_ms\tgrow_ms\tdelete_ms\tmiss\tmiss_churned\t"
                            "churn_bytes",
                            measure);
}

const struct verb verb_keep = {
    .name = "keep",
    .arguments = "[--table GLOB] [--n N]",
    .summary = "what each table keeps after 99 % is deleted, and what getting it back costs",
    .help =
        "One line a table, separated by tabs. full, deleted, insert, back: bytes a live entry,\n"
        "and resident bytes, when full, after deleting 99 %, after one more insert, and after\n"
        "its own call to give memory back (how: own) or a new table filled from it (refill),\n"
        "which takes back_ms. grow_ms, delete_ms: the longest insert and erase. miss,\n"
        "miss_churned: ns a lookup of an absent key before and after churn; churn_bytes: bytes\n"
        "after churn over those before.\n",
    .run = run,
};
