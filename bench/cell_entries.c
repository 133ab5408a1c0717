/* Cells as benchmarks of Google Benchmark; see entries.h.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "entries.h"
#include "gbench.h"
#include "record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct cell *cell;
    size_t arm;
    struct run *run;
};

/* ---- the figures ----------------------------------------------------------------- */

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
        gb_counter(state, "ns_per_step", median(arm->ns, arm->rounds) / steps, GB_PLAIN);
        gb_counter(state, "ns_least", least(arm->ns, arm->rounds) / steps, GB_PLAIN);
        gb_counter(state, "ns_most", most(arm->ns, arm->rounds) / steps, GB_PLAIN);
        gb_counter(state, "faults", (double)arm->faults, GB_PLAIN);
    }
    if (after > 0)
        gb_counter(state, "ns_after", median(arm->after_ns, arm->rounds) / after, GB_PLAIN);
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
    gb_counter(state, "peak", (double)arm->held_peak, GB_PLAIN);
    gb_counter(state, "byte_steps", (double)arm->area, GB_PLAIN);
    gb_counter(state, "live_steps", (double)c->live_area, GB_PLAIN);
    gb_counter(state, "allocations", (double)arm->allocations, GB_PLAIN);
    if (ht_is_peer(arm->table))
        return; /* it does not say what it moves */
    gb_counter(state, "slots", (double)s->slots, GB_PLAIN);
    gb_counter(state, "dead", (double)s->dead, GB_PLAIN);
    gb_counter(state, "moved", (double)s->moved, GB_PLAIN);
    gb_counter(state, "moved_most", (double)s->moved_most, GB_PLAIN);
    gb_counter(state, "rebuilds", (double)s->rebuilds, GB_PLAIN);
    gb_counter(state, "visited", (double)s->visited, GB_PLAIN);
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
        cell_measure(c);
        e->run->measured++;
        if (e->run->memory && is_largest(e->run, c))
            record_cell(e->run->memory, c);
        if (e->run->rounds)
            record_rounds(e->run->rounds, c);
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
        gb_set_iteration_time(
            state, (arm->kind == ARM_TABLE ? arm->ns[round] : arm->after_ns[round]) / 1e9);
    count_time(state, c, arm);
    count_bytes(state, c, arm);
    count_promise(state, c, arm);
    gb_items_processed(state, (int64_t)(c->steps * arm->rounds));
}

/* ---- registering ---------------------------------------------------------------- */

/* The name of the cell, with the arm's behind the workload's. */
static void entry_name(const struct cell *c, const struct arm *arm, char *out, size_t room)
{
    char cell[160];
    cell_name(c, cell, sizeof cell);
    size_t title = strlen(c->title);
    (void)snprintf(out, room, "%s/%s%s", c->title, arm->name, cell + title);
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

void register_cells(struct run *run)
{
    const struct options *o = run->options;
    for (size_t i = 0; i < run->plan.count; i++)
        if (i >= o->first && i - o->first < o->count)
            register_cell(run, &run->plan.cells[i]);
}

void list_cells(const struct plan *plan)
{
    (void)puts("number,cell,n,arms");
    for (size_t i = 0; i < plan->count; i++) {
        char name[160];
        cell_name(&plan->cells[i], name, sizeof name);
        (void)printf("%zu,%s,%" PRIu64 ",%zu\n", i, name, plan->cells[i].n,
                     plan->cells[i].arm_count);
    }
}
