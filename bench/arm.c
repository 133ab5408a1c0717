/* One replay of a trace on one arm, timed slice by slice; see cell.h.
 *
 * The clock is read at the edges of slices only. Bytes, moves and the byte-step
 * integral are counted by the allocator and the table as they go, in the very
 * run that is timed, and must be the same in every round.
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

/* The exact figures: kept from the first round, compared in the others. */
static void take_counts(struct arm *arm, const struct cell *cell, struct ht_set *set,
                        struct ht_mem *mem)
{
    struct ht_stats stats;
    ht_set_stats(set, &stats);
    if (mem->refused)
        fail(arm, "%" PRIu64 " requests for memory were refused", mem->refused);
    uint64_t area = ht_mem_area(mem, cell->steps - 1);
    if (arm->rounds == 0) {
        arm->stats = stats;
        arm->area = area;
        arm->held_peak = mem->peak;
        arm->allocations = mem->calls;
    } else if (area != arm->area || stats.moved != arm->stats.moved ||
               mem->peak != arm->held_peak || mem->calls != arm->allocations) {
        fail(arm, "the exact figures of round %u differ from those of the first", arm->rounds + 1);
    }
}

void arm_run(struct arm *arm, const struct cell *cell, const struct ht_op *ops)
{
    struct ht_mem mem;
    struct ht_set set;
    const struct ht_config config = {.seed = cell->seed, .profile = CPYTHON_DEFAULT};
    ht_mem_init(&mem);
    ht_set_init(&set, arm->table, &mem, &config);
    uint64_t total = 0, after = 0, faults = machine_faults();
    if (arm->kind != ARM_TABLE)
        make_fresh(arm, cell, &set);
    for (size_t i = 0; i < cell->slices; i++) {
        uint64_t first = cell->edges[i], n = cell->edges[i + 1] - first;
        if (arm->kind != ARM_TABLE && first < cell->mark)
            continue;
        if (first == cell->mark)
            note_slots(arm, &set);
        uint64_t start = machine_cpu_ns();
        uint64_t sum = arm->table->run(&set, ops + first, n, first);
        uint64_t took = machine_cpu_ns() - start;
        total += took;
        if (first >= cell->mark)
            after += took;
        check_answers(arm, cell, i, sum);
        if (arm->rounds == 0)
            take_point(arm, &mem, i);
    }
    if (arm->rounds == 0)
        arm->faults = machine_faults() - faults;
    take_counts(arm, cell, &set, &mem);
    arm->seconds[arm->rounds] = (double)total / 1e9;
    arm->after_seconds[arm->rounds] = (double)after / 1e9;
    arm->rounds++;
    ht_set_free(&set);
}
