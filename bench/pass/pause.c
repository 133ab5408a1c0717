/* ebb-pause: how long one operation, or a hundred, may take, and how much work it is.
 *
 *   ebb-pause [OPTION ...] WORKLOAD >pauses.csv
 *
 * A pass of its own: reading the clock around every operation costs more than most of them.
 * Every table replays the trace a step at a time; peer/null does so too, and is the floor
 * of clock, loop and platform. What a step frees is freed within it, and memory comes from
 * the kernel and goes back to it as in any program (pages are cold).
 *
 * The trace is replayed several times. What is printed as `met` are all the times; as `own`
 * the least time of each step over the replays: a step does the same work every time, so
 * what is not always there was the platform's.
 *
 * SPDX-License-Identifier: MIT */
#include "clock.h"
#include "histogram.h"
#include "machine.h"
#include "say.h"

#include "check.h"
#include "cpython_profile.h"
#include "set.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE = 100 }; /* steps: about what one request to a server does */

static const double shares[] = {0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999};

/* One trace, and room for what a table is found to take. */
struct pass {
    char cell[120];
    struct trace trace;
    unsigned repeats;
    uint64_t *least;             /* of each slice, over the replays so far; in ticks */
    struct histogram *met, *own; /* in nanoseconds */
    FILE *work;                  /* NULL: not kept */
};

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

/* ---- time --------------------------------------------------------------------------- */

/* Replays in slices of `length` steps; notes how long each took. */
static void replay(struct pass *pass, const struct ht_table *t, size_t length, bool first)
{
    struct ht_mem mem;
    struct ht_set set;
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    ht_mem_init(&mem);
    ht_set_init(&set, t, &mem, &config);
    uint64_t sum = 0;
    for (size_t at = 0, slice = 0; at < pass->trace.n; at += length, slice++) {
        size_t n = pass->trace.n - at < length ? pass->trace.n - at : length;
        uint64_t start = clock_start();
        sum += t->run(&set, pass->trace.ops + at, n, at);
        uint64_t took = clock_stop() - start;
        histogram_add(pass->met, clock_ns(took));
        if (first || took < pass->least[slice])
            pass->least[slice] = took;
    }
    __asm__ volatile("" : : "r"(sum));
    ht_set_free(&set);
}

static void print_times(const struct pass *pass, const struct ht_table *t, const char *what,
                        const char *kind, const struct histogram *h)
{
    (void)printf("%s,%s,%s,%s,%" PRIu64, pass->cell, t->name, what, kind, h->count);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        (void)printf(",%" PRIu64, histogram_at(h, shares[i]));
    (void)printf(",%" PRIu64 "\n", h->most);
}

static void time_slices(struct pass *pass, const struct ht_table *t, size_t length,
                        const char *what)
{
    memset(pass->met, 0, sizeof *pass->met);
    memset(pass->own, 0, sizeof *pass->own);
    for (unsigned i = 0; i < pass->repeats; i++)
        replay(pass, t, length, i == 0);
    for (size_t slice = 0; slice * length < pass->trace.n; slice++)
        histogram_add(pass->own, clock_ns(pass->least[slice]));
    print_times(pass, t, what, "met", pass->met);
    print_times(pass, t, what, "own", pass->own);
}

/* ---- work ----------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* The entries moved by each step, exactly: how many steps moved how many. */
static void count_work(struct pass *pass, const struct ht_table *t)
{
    struct ht_mem mem;
    struct ht_set set;
    struct ht_stats stats;
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    uint64_t *moved = pass->least, before = 0;
    ht_mem_init(&mem);
    ht_set_init(&set, t, &mem, &config);
    for (size_t at = 0; at < pass->trace.n; at++) {
        (void)t->run(&set, pass->trace.ops + at, 1, at);
        t->stats(ht_set_current(&set), &stats);
        moved[at] = stats.moved - before;
        before = stats.moved;
    }
    ht_set_free(&set);
    qsort(moved, pass->trace.n, sizeof *moved, by_size);
    for (size_t at = 0, end; at < pass->trace.n; at = end) {
        for (end = at + 1; end < pass->trace.n && moved[end] == moved[at];)
            end++;
        (void)fprintf(pass->work, "%s,%s,%" PRIu64 ",%zu\n", pass->cell, t->name, moved[at],
                      end - at);
    }
}

/* ---- the program ------------------------------------------------------------------------ */

static bool is_timed(const struct ht_table *t, const char *glob, bool ordered)
{
    if (t->absent || (ordered && !(t->traits & HT_ORDERED)))
        return false;
    return (t->traits & HT_SILENT) || ht_glob(glob, t->name);
}

static void measure(struct pass *pass, const char *glob, bool ordered)
{
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *t = ht_tables[i];
        if (!is_timed(t, glob, ordered))
            continue;
        time_slices(pass, t, 1, "step");
        time_slices(pass, t, SLICE, "slice");
        if (pass->work && !(t->traits & HT_SILENT))
            count_work(pass, t);
        (void)fflush(stdout);
    }
}

/* Does it stay with one table? The work of several is not followed. */
static bool has_one_table(const struct trace *trace)
{
    for (size_t i = 0; i < trace->n; i++)
        if (trace->ops[i].kind >= HT_USE)
            return false;
    return true;
}

static bool prepare(struct pass *pass, const struct workload *w, unsigned variant, uint64_t n)
{
    char title[80];
    workload_title(w, variant, title, sizeof title);
    (void)snprintf(pass->cell, sizeof pass->cell, "%s/%" PRIu64, title, n);
    (void)workload_generate(w, variant, n, 1, KEYS_RANDOM, append, &pass->trace);
    if (!has_one_table(&pass->trace))
        return false;
    pass->least = calloc(pass->trace.n, sizeof *pass->least);
    pass->met = calloc(1, sizeof *pass->met);
    pass->own = calloc(1, sizeof *pass->own);
    CHECK(pass->least && pass->met && pass->own);
    memset(pass->least, 1, pass->trace.n * sizeof *pass->least); /* touched before any timing */
    return true;
}

static void finish(struct pass *pass)
{
    trace_free(&pass->trace);
    free(pass->least);
    free(pass->met);
    free(pass->own);
}

static const char usage[] =
    "usage: ebb-pause [OPTION ...] WORKLOAD\n\n"
    "  --n N          size (default 100000)\n"
    "  --table GLOB   these tables alone; peer/null is always there\n"
    "  --repeats R    replays, of whose times the least is a step's own (default 3)\n"
    "  --work FILE    entries moved by each step, as CSV\n";

int main(int argc, char **argv)
{
    struct args args;
    struct pass pass = {0};
    uint64_t n = 100000, repeats = 3;
    unsigned variant;
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0;
    if (!args_parse(&args, argc, argv, "n table repeats work", "") ||
        !args_number(&args, "n", 1, UINT64_C(1) << 32, &n) ||
        !args_number(&args, "repeats", 1, 100, &repeats))
        return 2;
    const struct workload *w = args.count == 1 ? workload_find(args.words[0], &variant) : NULL;
    if (!w)
        return say("pause: name one workload (known: %s)", known_workloads());
    pass.repeats = (unsigned)repeats;
    const char *work = args_get(&args, "work");
    pass.work = work ? fopen(work, "w") : NULL;
    if (work && !pass.work)
        return say("%s: %s", work, strerror(errno));
    machine_pin();
    if (!prepare(&pass, w, variant, n))
        return say("pause: %s moves between tables, whose pauses are not followed", args.words[0]);
    machine_memory(PAGES_COLD, 0);
    clock_calibrate();
    (void)puts("cell,arm,what,kind,count,p50,p90,p99,p999,p9999,p99999,most");
    if (pass.work)
        (void)fputs("cell,arm,moved,steps\n", pass.work);
    measure(&pass, args_get(&args, "table"), w->ordered);
    finish(&pass);
    if (pass.work && fclose(pass.work) != 0)
        return say("%s: %s", work, strerror(errno));
    return flush_output() ? 0 : 2;
}
