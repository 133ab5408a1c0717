/* Pairs as benchmarks of Google Benchmark; see entries.h.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "entries.h"
#include "gbench.h"
#include "hash.h"
#include "machine.h"

#include <inttypes.h>
#include <string.h>

/* Entries of a pair: both tables lie in a core's own cache. Of pairs compared by places so many
 * that the lower level of sawtooth.half is one to shrink at (at 20,000 it is not, and both tables
 * do the same; impl/test/headlines.py). Of lookups more: at 14,000 the slots are so empty that one
 * link order in ten was a fifth faster than its twin. */
enum { N_QUICK = 7000, N = 14000, N_ALIKE_QUICK = 10000, N_ALIKE = 20000 };

static uint64_t size_of(const struct options *o, const struct pair *p)
{
    bool quick = o->plan.mode == PLAN_QUICK;
    if (o->plan.n)
        return o->plan.n;
    return p->estimand == PAIR_ALIKE ? (quick ? N_ALIKE_QUICK : N_ALIKE) : quick ? N_QUICK : N;
}

/* Is the headline among those of this shard? */
static bool is_ours(const struct options *o, const struct pair *headline)
{
    unsigned before = 0;
    for (const struct pair *p = pairs; p != headline; p++)
        before += !p->control;
    return !o->shards || before % o->shards == o->shard - 1;
}

/* Is the pair asked for? A control always is, unless --pair leaves it out: its tables need
 * not be among those compared. Beside a null experiment stand the twins alone: what may be
 * claimed depends on them. */
static bool wanted(const struct options *o, const struct pair *p)
{
    const struct ht_table *a, *b;
    char title[80];
    (void)snprintf(title, sizeof title, "%.*s", (int)strcspn(p->workload, "."), p->workload);
    if (!ht_glob(o->pair, p->name) || !pair_tables(p, PAIR_AS_IS, &a, &b))
        return false;
    if (p->control)
        return o->null == PAIR_AS_IS || strcmp(p->b, PAIR_TWIN) == 0;
    return (ht_glob(o->plan.workload, p->workload) || ht_glob(o->plan.workload, title)) &&
           ht_glob(o->plan.table, p->a) && ht_glob(o->plan.table, p->b) && is_ours(o, p);
}

struct pair_entry {
    const struct pair *pair;
    struct run *run;
};

static void run_pair(struct gb_state *state, void *arg)
{
    const struct pair_entry *e = arg;
    const struct options *o = e->run->options;
    struct pair_times times;
    char error[200];
    const struct pair_run how = {.n = size_of(o, e->pair),
                                 .rounds = o->sweeps,
                                 .seed = o->plan.seed,
                                 .order = o->plan.order,
                                 .null = o->null,
                                 .more = o->more,
                                 .slices = e->run->slices};
    if (!pair_measure(e->pair, &how, &times, error, sizeof error)) {
        e->run->failures++;
        (void)fprintf(stderr, "ebb-bench: %s: %s\n", e->pair->name, error);
        gb_skip_with_error(state, error);
        return;
    }
    while (gb_keep_running(state))
        gb_set_iteration_time(state, times.b);
    gb_counter(state, "base_seconds", times.a, GB_PLAIN);
    gb_counter(state, "ratio", times.b / times.a, GB_PLAIN);
}

/* A million dependent multiplications and shifts: what the machine's clock rate is worth. */
static double reference_ns(void)
{
    uint64_t x = 1, start = machine_cpu_ns();
    for (unsigned i = 0; i < 1000000; i++)
        x = ht_mix(x);
    __asm__ volatile("" : : "r"(x));
    return (double)(machine_cpu_ns() - start);
}

/* One reading of the clock, one slice edge, and one turn of Google Benchmark's own loop. */
static void run_overhead(struct gb_state *state, void *arg)
{
    enum { READINGS = 1000 };
    struct run *run = arg;
    uint64_t start = machine_cpu_ns(), turns = 0;
    while (gb_keep_running(state)) {
        gb_set_iteration_time(state, 1e-9);
        turns++;
    }
    double loop_ns = (double)(machine_cpu_ns() - start) / (double)(turns ? turns : 1);
    start = machine_cpu_ns();
    for (unsigned i = 1; i < READINGS; i++)
        (void)machine_cpu_ns();
    double clock_ns = (double)(machine_cpu_ns() - start) / READINGS, edge_ns = pair_edge_ns();
    (void)fprintf(
        run->overhead,
        "clock_ns,edge_ns,loop_ns,steps,step_ns,reference_ns\n%.1f,%.1f,%.2f,%d,%.4f,%.0f\n",
        clock_ns, edge_ns, loop_ns, PAIR_STEPS, (edge_ns + loop_ns) / PAIR_STEPS, reference_ns());
    gb_counter(state, "clock_ns", clock_ns, GB_PLAIN);
    gb_counter(state, "edge_ns", edge_ns, GB_PLAIN);
    gb_counter(state, "loop_ns", loop_ns, GB_PLAIN);
}

size_t register_pairs(struct run *run)
{
    static struct pair_entry entries[64];
    size_t count = 0;
    for (const struct pair *p = pairs; p->name; p++) {
        char name[120];
        if (!wanted(run->options, p))
            continue;
        CHECK(count < sizeof entries / sizeof *entries);
        entries[count] = (struct pair_entry){p, run};
        (void)snprintf(name, sizeof name, "pair/%s", p->name);
        struct gb_benchmark *b = gb_register(name, run_pair, &entries[count++]);
        gb_use_manual_time(b);
        gb_iterations(b, 1);
        gb_unit(b, GB_MILLISECOND);
    }
    if (run->overhead) {
        struct gb_benchmark *b = gb_register("overhead", run_overhead, run);
        gb_use_manual_time(b);
        gb_iterations(b, 20000);
    }
    return count;
}

void list_pairs(const struct options *o)
{
    (void)puts("pair,cell,a,b,estimand,truth,injected_ns");
    for (const struct pair *p = pairs; p->name; p++) {
        if (!wanted(o, p))
            continue;
        (void)printf("%s,%s/%" PRIu64 ",%s,%s,%s,", p->name, p->workload, size_of(o, p), p->a, p->b,
                     p->estimand == PAIR_ALIKE ? "alike" : "places");
        if (p->control && p->injection != INJECT_PAUSE)
            (void)printf("%g", p->injection == INJECT_STEPS ? 1 + (double)o->more / 10000 : 1.0);
        (void)printf(",%" PRIu64 "\n", p->injection == INJECT_PAUSE ? PAIR_PAUSE_NS : 0);
    }
}
