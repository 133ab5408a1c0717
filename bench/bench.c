/* ebb-bench: registers every cell with Google Benchmark and reports its figures.
 *
 * Names are WORKLOAD/ENGINE/STRATEGY/N, with /KEYS and /cold where they are not
 * the default. All arms of a group are measured together, interleaved, when the
 * first of them is run; each then hands its rounds to Google Benchmark as manual
 * times and its exact figures as counters.
 *
 * SPDX-License-Identifier: MIT */
#include "cell.h"
#include "check.h"
#include "gbench.h"
#include "plan.h"
#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct entry {
    struct cell *cell;
    size_t arm;
    struct run *run;
};

/* The whole run. */
struct run {
    struct plan plan;
    FILE *csv;
    size_t failures, measured;
    struct timespec start;
};

/* ---- progress --------------------------------------------------------------- */

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void show_progress(const struct run *run, const struct cell *cell)
{
    double done = (double)run->measured / (double)run->plan.count,
           took = seconds_since(&run->start);
    if (!isatty(STDERR_FILENO))
        return;
    (void)fprintf(stderr, "\r\033[K%zu of %zu cells, %s n=%" PRIu64, run->measured + 1,
                  run->plan.count, cell->title, cell->n);
    if (run->measured > 2)
        (void)fprintf(stderr, ", about %.0f s left", took / done - took);
}

/* ---- one benchmark ------------------------------------------------------------ */

static double median(const double *values, unsigned n)
{
    double sorted[CELL_ROUNDS] = {0};
    CHECK(n > 0);
    for (unsigned i = 0; i < n; i++) { /* by insertion: a handful */
        unsigned at = i;
        for (; at > 0 && sorted[at - 1] > values[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = values[i];
    }
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double least(const double *values, unsigned n)
{
    double min = values[0];
    for (unsigned i = 1; i < n; i++)
        min = values[i] < min ? values[i] : min;
    return min;
}

static double most(const double *values, unsigned n)
{
    double max = values[0];
    for (unsigned i = 1; i < n; i++)
        max = values[i] > max ? values[i] : max;
    return max;
}

static void count_time(struct gb_state *state, const struct cell *c, const struct arm *arm)
{
    double steps = (double)c->steps, after = (double)(c->steps - c->mark);
    if (arm->kind == ARM_TABLE) {
        gb_counter(state, "ns_per_step", median(arm->seconds, arm->rounds) * 1e9 / steps, GB_PLAIN);
        gb_counter(state, "ns_least", least(arm->seconds, arm->rounds) * 1e9 / steps, GB_PLAIN);
        gb_counter(state, "ns_most", most(arm->seconds, arm->rounds) * 1e9 / steps, GB_PLAIN);
        gb_counter(state, "faults", (double)arm->faults, GB_PLAIN);
    }
    if (after > 0)
        gb_counter(state, "ns_after", median(arm->after_seconds, arm->rounds) * 1e9 / after,
                   GB_PLAIN);
}

/* The most the table held of what its promise allowed, at the ends of slices;
 * NAN is not JSON, so a table without a promise has no such counter. */
static void count_promise(struct gb_state *state, const struct cell *c, const struct arm *arm)
{
    double used = 0;
    if (!c->one_table || !arm->table->promise || arm->kind != ARM_TABLE)
        return;
    for (size_t s = 0; s < c->slices; s++) {
        const struct point *p = &arm->points[s];
        if (p->bound && (double)p->held / (double)p->bound > used)
            used = (double)p->held / (double)p->bound;
    }
    gb_counter(state, "bound", (double)arm->points[c->slices - 1].bound, GB_PLAIN);
    gb_counter(state, "bound_used", used, GB_PLAIN);
}

static void count_bytes(struct gb_state *state, const struct cell *c, const struct arm *arm)
{
    const struct ht_stats *s = &arm->stats;
    gb_counter(state, "steps", (double)c->steps, GB_PLAIN);
    gb_counter(state, "after_steps", (double)(c->steps - c->mark), GB_PLAIN);
    gb_counter(state, "live", (double)s->live, GB_PLAIN);
    gb_counter(state, "live_peak", (double)c->live_peak, GB_PLAIN);
    gb_counter(state, "bytes", (double)s->held, GB_PLAIN);
    if (arm->kind != ARM_TABLE)
        return;
    gb_counter(state, "slots", (double)s->slots, GB_PLAIN);
    gb_counter(state, "dead", (double)s->dead, GB_PLAIN);
    gb_counter(state, "peak", (double)arm->held_peak, GB_PLAIN);
    gb_counter(state, "byte_steps", (double)arm->area, GB_PLAIN);
    gb_counter(state, "live_steps", (double)c->live_area, GB_PLAIN);
    gb_counter(state, "moved", (double)s->moved, GB_PLAIN);
    gb_counter(state, "moved_most", (double)s->moved_most, GB_PLAIN);
    gb_counter(state, "rebuilds", (double)s->rebuilds, GB_PLAIN);
    gb_counter(state, "visited", (double)s->visited, GB_PLAIN);
    gb_counter(state, "allocations", (double)arm->allocations, GB_PLAIN);
}

/* Bytes over steps are kept for the largest size of each workload alone: smaller
 * ones draw the same picture. */
static bool is_largest(const struct run *run, const struct cell *c)
{
    for (size_t i = 0; i < run->plan.count; i++) {
        const struct cell *other = &run->plan.cells[i];
        if (strcmp(other->title, c->title) == 0 &&
            (other->n > c->n || (other->n == c->n && other < c)))
            return false;
    }
    return true;
}

static void run_entry(struct gb_state *state, void *arg)
{
    struct entry *e = arg;
    struct cell *c = e->cell;
    struct arm *arm = &c->arms[e->arm];
    if (!c->measured) {
        show_progress(e->run, c);
        cell_measure(c);
        e->run->measured++;
        if (e->run->csv && is_largest(e->run, c))
            record_cell(e->run->csv, c);
    }
    const char *error = c->error[0] ? c->error : arm->error;
    if (*error || arm->rounds == 0) {
        e->run->failures += *error != '\0';
        gb_skip_with_error(state, *error ? error : "this table cannot replay the trace");
        if (*error)
            (void)fprintf(stderr, "\nebb-bench: %s on %s: %s\n", arm->name, c->title, error);
        return;
    }
    for (unsigned round = 0; gb_keep_running(state); round++)
        gb_set_iteration_time(state, arm->kind == ARM_TABLE ? arm->seconds[round]
                                                            : arm->after_seconds[round]);
    count_time(state, c, arm);
    count_bytes(state, c, arm);
    count_promise(state, c, arm);
    gb_items_processed(state, (int64_t)(c->steps * arm->rounds));
}

/* ---- registering ---------------------------------------------------------------- */

static void entry_name(const struct cell *c, const struct arm *arm, char *name, size_t room)
{
    int at = snprintf(name, room, "%s/%s", c->title, arm->name);
    if (c->workload)
        at += snprintf(name + at, room - (size_t)at, "/%" PRIu64, c->n);
    if (c->workload && c->keys != KEYS_RANDOM)
        at += snprintf(name + at, room - (size_t)at, "/%s", key_kind_name(c->keys));
    if (c->pages != PAGES_WARM)
        (void)snprintf(name + at, room - (size_t)at, "/%s", pages_name(c->pages));
}

/* Can the arm replay the workload at all? Recorded traces hold puts and dels only. */
static bool possible(const struct cell *c, const struct arm *arm)
{
    return !c->workload || !c->workload->ordered || (arm->table->traits & HT_ORDERED);
}

static void register_cell(struct run *run, struct cell *c)
{
    for (size_t i = 0; i < c->arm_count; i++) {
        struct arm *arm = &c->arms[i];
        char name[240];
        entry_name(c, arm, name, sizeof name);
        arm->wanted = possible(c, arm) && gb_would_run(name);
        if (!arm->wanted || (arm->kind != ARM_TABLE && !cell_has_aftermath(c)))
            continue;
        struct entry *e = malloc(sizeof *e);
        CHECK(e);
        *e = (struct entry){c, i, run};
        struct gb_benchmark *b = gb_register(name, run_entry, e);
        gb_use_manual_time(b);
        gb_iterations(b, c->rounds);
        gb_unit(b, GB_MILLISECOND);
    }
}

/* ---- the program ------------------------------------------------------------------ */

static const char usage[] =
    "usage: ebb-bench [OPTION ...] [--benchmark_... flags of Google Benchmark]\n\n"
    "  --quick            a smoke: n = 10^4 (at most 10 s)\n"
    "  --full             10^3 to 10^7 entries, all key kinds, cold pages\n"
    "  --workload GLOB    e.g. purge, 'trap_*', fill_drain.random, real.cc1\n"
    "  --table GLOB       e.g. linear/shrink, 'dict/*'\n"
    "  --n N              one size instead of the mode's\n"
    "  --seed S           of keys, traces and hashes (default 1)\n"
    "  --traces FOLDER    recorded traces to replay too\n"
    "  --silent           results to --benchmark_out alone\n"
    "  --memory FILE      bytes over the steps of each cell, as CSV\n";

static uint64_t number_or_die(const char *name, const char *value)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(value, &end, 10);
    if (errno || *value < '0' || *value > '9' || *end || n > UINT64_C(1) << 32) {
        (void)fprintf(stderr, "ebb-bench: --%s %s: not a whole number from 0 to 2^32\n", name,
                      value);
        exit(2);
    }
    return n;
}

static void parse(int argc, char **argv, struct plan_options *o, const char **memory, bool *silent)
{
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (strcmp(name, "--quick") == 0) {
            o->mode = PLAN_QUICK;
            continue;
        }
        if (strcmp(name, "--full") == 0) {
            o->mode = PLAN_FULL;
            continue;
        }
        if (strcmp(name, "--silent") == 0) {
            *silent = true;
            continue;
        }
        if (strcmp(name, "--help") == 0) {
            (void)fputs(usage, stdout);
            exit(0);
        }
        const char *value = i + 1 < argc ? argv[++i] : NULL;
        if (value && strcmp(name, "--workload") == 0) {
            o->workload = value;
        } else if (value && strcmp(name, "--table") == 0) {
            o->table = value;
        } else if (value && strcmp(name, "--traces") == 0) {
            o->traces = value;
        } else if (value && strcmp(name, "--memory") == 0) {
            *memory = value;
        } else if (value && strcmp(name, "--n") == 0) {
            o->n = number_or_die("n", value);
        } else if (value && strcmp(name, "--seed") == 0) {
            o->seed = number_or_die("seed", value);
        } else {
            (void)fprintf(stderr, "ebb-bench: unknown option '%s', or its value is missing\n\n%s",
                          name, usage);
            exit(2);
        }
    }
}

static void add_context(const struct plan_options *o)
{
    char seed[32];
    (void)snprintf(seed, sizeof seed, "%" PRIu64, o->seed);
    gb_context("ebb_seed", seed);
    gb_context("ebb_compiler", __VERSION__);
    for (size_t i = 0; ht_skipped[i]; i++)
        gb_context("ebb_skipped", ht_skipped[i]);
}

int main(int argc, char **argv)
{
    struct run run = {0};
    struct plan_options options = {.seed = 1};
    const char *memory = NULL;
    bool silent = false;
    gb_initialize(&argc, argv);
    parse(argc, argv, &options, &memory, &silent);
    plan_make(&run.plan, &options);
    if (memory) {
        run.csv = fopen(memory, "w");
        if (!run.csv) {
            (void)fprintf(stderr, "ebb-bench: %s: %s\n", memory, strerror(errno));
            return 2;
        }
        record_heading(run.csv);
    }
    machine_pin();
    add_context(&options);
    for (size_t i = 0; i < run.plan.count; i++)
        register_cell(&run, &run.plan.cells[i]);
    (void)clock_gettime(CLOCK_MONOTONIC, &run.start);
    size_t ran = gb_run(silent);
    gb_shutdown();
    if (isatty(STDERR_FILENO))
        (void)fputs("\r\033[K", stderr);
    if (run.csv && fclose(run.csv) != 0) {
        (void)fprintf(stderr, "ebb-bench: %s: %s\n", memory, strerror(errno));
        return 2;
    }
    if (ran == 0)
        return 2;
    return run.failures ? 1 : 0;
}
