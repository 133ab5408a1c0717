/* One timed replay of a trace on one arm; see cell.h.
 *
 * The clock is read at the ends of the trace and at the mark. Bytes, moves and the byte-step
 * integral are counted by the allocator and the table as they go, in the very
 * run that is timed, and must be the same in every replay.
 *
 * SPDX-License-Identifier: MIT */
#include "cell.h"

#include "check.h"
#include "cpython_profile.h"
#include "set.h"

#include <inttypes.h>
#include <stdarg.h>

__attribute__((format(printf, 2, 3))) static void fail(struct arm *arm, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(arm->error, sizeof arm->error, format, args);
    va_end(args);
}

static void check_answers(struct arm *arm, const struct cell *cell, size_t slice, uint64_t sum)
{
    if (sum != cell->checksums[slice] && !(arm->table->traits & HT_SILENT) && !arm->error[0])
        fail(arm,
             "wrong answers in steps %" PRIu64 " to %" PRIu64 ": checksum %#" PRIx64
             ", the model's is %#" PRIx64,
             cell->edges[slice], cell->edges[slice + 1] - 1, sum, cell->checksums[slice]);
}

static void take_point(struct arm *arm, struct ht_mem *mem, size_t slice)
{
    arm->points[slice].held = mem->live;
    arm->points[slice].peak = mem->op_peak;
    ht_mem_mark(mem);
}

static void note_slots(struct arm *arm, const struct ht_set *set)
{
    struct ht_stats s;
    ht_set_stats(set, &s);
    arm->slots_at_mark = s.slots;
}

/* A fresh table that holds what lived at the mark. */
static void make_fresh(const struct arm *arm, const struct cell *cell, struct ht_set *set)
{
    struct ht *t = ht_set_current(set);
    CHECK(t);
    for (size_t i = 0; i < cell->survivor_count; i++)
        CHECK(arm->table->put(t, cell->survivors[i].key, cell->survivors[i].value) == HT_NEW);
    const struct arm *tombstone = arm;
    while (tombstone->kind != ARM_TABLE)
        tombstone--; /* plan.c puts the reference rows behind their table */
    size_t slots = tombstone->slots_at_mark;
    if (arm->kind == ARM_FRESH_FIT || slots)
        CHECK(arm->table->rebuild_to(t, arm->kind == ARM_FRESH_SAME ? slots : 0));
}

/* The exact figures: kept from the first replay, compared in the others. */
static void take_counts(struct arm *arm, const struct cell *cell, struct ht_set *set,
                        struct ht_mem *mem, bool first)
{
    struct ht_stats stats;
    ht_set_stats(set, &stats);
    if (mem->refused)
        fail(arm, "%" PRIu64 " requests for memory were refused", mem->refused);
    uint64_t area = ht_mem_area(mem, cell->steps - 1);
    if (first) {
        arm->stats = stats;
        arm->area = area;
        arm->held_peak = mem->peak;
        arm->allocations = mem->calls;
    } else if (arm->table->traits & HT_UNCOUNTED) {
        return; /* an estimate may differ */
    } else if (area != arm->area || stats.moved != arm->stats.moved ||
               mem->peak != arm->held_peak || mem->calls != arm->allocations) {
        fail(arm, "the exact figures of replay %u differ from those of the first", arm->rounds + 1);
    }
}

/* One replay: a table of its own. Small traces are replayed by several tables in one
 * timed stretch, so that reading the clock costs little. */
struct copy {
    struct ht_mem mem;
    struct ht_set set;
};

/* The slices of one copy, from number `from` to before `to`. */
static void replay(struct arm *arm, const struct cell *cell, struct copy *copy,
                   const struct ht_op *ops, size_t from, size_t to, bool points)
{
    for (size_t i = from; i < to; i++) {
        uint64_t first = cell->edges[i], n = cell->edges[i + 1] - first;
        check_answers(arm, cell, i, arm->table->run(&copy->set, ops + first, n, first));
        if (points)
            take_point(arm, &copy->mem, i);
    }
}

void arm_run(struct arm *arm, const struct cell *cell, const struct ht_op *ops, unsigned place)
{
    static struct copy copies[CELL_COPIES];
    const struct ht_config config = {.seed = cell->seed, .profile = CPYTHON_DEFAULT};
    unsigned round = arm->rounds;
    CHECK(cell->copies > 0 && cell->copies <= CELL_COPIES && round < CELL_ROUNDS);
    for (size_t i = 0; i < cell->copies; i++) {
        ht_mem_init(&copies[i].mem);
        ht_set_init(&copies[i].set, arm->table, &copies[i].mem, &config);
        if (arm->kind != ARM_TABLE)
            make_fresh(arm, cell, &copies[i].set);
    }
    uint64_t faults = machine_faults(), switches = machine_switches(), start = machine_cpu_ns();
    for (size_t i = 0; i < cell->copies && arm->kind == ARM_TABLE; i++)
        replay(arm, cell, &copies[i], ops, 0, cell->aftermath, round == 0 && i == 0);
    uint64_t marked = machine_cpu_ns();
    note_slots(arm, &copies[0].set);
    uint64_t restart = machine_cpu_ns();
    for (size_t i = 0; i < cell->copies; i++)
        replay(arm, cell, &copies[i], ops, cell->aftermath, cell->slices, round == 0 && i == 0);
    uint64_t after = machine_cpu_ns() - restart;
    if (round == 0)
        arm->faults = (machine_faults() - faults) / cell->copies;
    arm->switches[round] = machine_switches() - switches;
    arm->place[round] = place;
    arm->after_ns[round] = (double)after / (double)cell->copies;
    arm->ns[round] = arm->after_ns[round] + (double)(marked - start) / (double)cell->copies;
    for (size_t i = 0; i < cell->copies; i++)
        take_counts(arm, cell, &copies[i].set, &copies[i].mem, round == 0 && i == 0);
    arm->rounds++;
    for (size_t i = 0; i < cell->copies; i++) {
        const struct ht_mem *mem = &copies[i].mem;
        ht_set_free(&copies[i].set);
        if (mem->live || mem->handles)
            fail(arm, "%zu bytes are still held after the last table is destroyed",
                 mem->live + mem->handles);
    }
}
