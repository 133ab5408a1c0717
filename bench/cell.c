/* A cell group of the comparison; see cell.h.
 *
 * SPDX-License-Identifier: MIT */
#include "cell.h"

#include "check.h"
#include "cpython_profile.h"
#include "define.h"
#include "model.h"
#include "promise.h"
#include "trial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* No recorded trace of this project is longer. */
enum { STEPS_MAX = 200 * 1000 * 1000 };

/* Warm heaps hold a table of n entries while it is rebuilt into twice the slots:
 * 3 * 30 bytes per entry of dict, the largest, with power-of-two rounding. */
enum { WARM_BYTES_AN_ENTRY = 160, WARM_BYTES_LEAST = 1 << 22 };

/* Steps of a slice at least, and of a timed stretch: 2 readings of the clock at 0.4 us in
 * 32768 steps are 0.03 ns a step. */
enum { SLICE_LEAST = 512, STRETCH = 32768 };

/* Steps between saying that a step will come and taking it. */
enum { EXPECT_AHEAD = 8 };

void cell_name(const struct cell *c, char *out, size_t room)
{
    int at = snprintf(out, room, "%s", c->title);
    if (c->workload)
        at += snprintf(out + at, room - (size_t)at, "/%" PRIu64, c->n);
    if (c->workload && c->keys != KEYS_RANDOM)
        at += snprintf(out + at, room - (size_t)at, "/%s", key_kind_name(c->keys));
    if (c->pages != PAGES_WARM)
        (void)snprintf(out + at, room - (size_t)at, "/%s", pages_name(c->pages));
}

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

struct look {
    uint64_t steps;
    bool one_table;
};

static void look_at(void *arg, struct ht_op op)
{
    struct look *look = arg;
    look->steps++;
    look->one_table &= op.kind < HT_USE;
}

bool cell_has_aftermath(const struct cell *c)
{
    struct look look = {.one_table = true};
    if (!c->workload)
        return false;
    uint64_t mark =
        workload_generate(c->workload, c->variant, 10, c->seed, c->keys, look_at, &look);
    return look.one_table && mark < look.steps;
}

static bool load(struct cell *c, struct trace *trace)
{
    if (!c->workload)
        return trace_load(trace, c->path, STEPS_MAX, c->error, sizeof c->error);
    c->mark = workload_generate(c->workload, c->variant, c->n, c->seed, c->keys, append, trace);
    return true;
}

/* At most about CELL_SLICES slices of one length, with an edge at the mark. Shorter ones would
 * make the calls between them cost something: 20 ns each. */
static void cut(struct cell *c)
{
    uint64_t length = c->steps / CELL_SLICES + 1;
    length = length < SLICE_LEAST ? SLICE_LEAST : length;
    c->slices = 0;
    c->aftermath = SIZE_MAX;
    for (uint64_t at = 0; at < c->steps;) {
        if (at >= c->mark && c->aftermath == SIZE_MAX)
            c->aftermath = c->slices;
        c->edges[c->slices++] = at;
        uint64_t next = at + length;
        if (at < c->mark && next > c->mark)
            next = c->mark;
        at = next < c->steps ? next : c->steps;
    }
    c->edges[c->slices] = c->steps;
    c->aftermath = c->aftermath == SIZE_MAX ? c->slices : c->aftermath;
    c->copies = (unsigned)(c->steps < STRETCH ? STRETCH / (c->steps + 1) + 1 : 1);
    c->copies = c->copies > CELL_COPIES ? CELL_COPIES : c->copies;
}

static struct ht_judge *start_judges(const struct cell *c)
{
    struct ht_judge *judges = calloc(c->arm_count, sizeof *judges);
    CHECK(judges);
    for (size_t i = 0; i < c->arm_count; i++)
        ht_judge_start(&judges[i], c->arms[i].table, CPYTHON_DEFAULT);
    return judges;
}

static bool is_judged(const struct cell *c, const struct arm *arm)
{
    return c->one_table && arm->kind == ARM_TABLE && arm->wanted && arm->table->promise;
}

static void keep_survivor(void *arg, uint64_t key, uint64_t value)
{
    struct cell *c = arg;
    c->survivors[c->survivor_count++] = (struct survivor){key, value};
}

static void keep_survivors(struct cell *c, const struct model *model)
{
    c->survivors = malloc((model_live(model) + 1) * sizeof *c->survivors);
    CHECK(c->survivors);
    model_each(model, keep_survivor, c);
}

/* Runs the model over the trace: the answers of each slice, the live entries,
 * and what the promises allow after each slice. */
static void consult_model(struct cell *c, const struct ht_op *ops)
{
    struct model *model = model_create();
    struct ht_judge *judges = start_judges(c);
    size_t live = 0;
    for (size_t s = 0; s < c->slices; s++) {
        if (c->edges[s] == c->mark && c->one_table)
            keep_survivors(c, model);
        uint64_t sum = 0;
        for (uint64_t i = c->edges[s]; i < c->edges[s + 1]; i++) {
            size_t before = live;
            if (i + EXPECT_AHEAD < c->steps)
                model_expect(model, ops[i + EXPECT_AHEAD]);
            sum = ht_fold(sum, model_apply(model, ops[i], i));
            live = model_live_all(model);
            c->live_area += live;
            if (live > c->live_peak)
                c->live_peak = live;
            if (live == before && ops[i].kind <= HT_DEL)
                continue; /* nothing that a promise follows */
            for (size_t a = 0; a < c->arm_count; a++)
                if (is_judged(c, &c->arms[a]))
                    ht_judge_note(&judges[a], ops[i], before, live);
        }
        c->checksums[s] = sum;
        for (size_t a = 0; a < c->arm_count; a++) {
            c->arms[a].points[s].live = live;
            if (is_judged(c, &c->arms[a]))
                c->arms[a].points[s].bound = ht_judge_bound(&judges[a], live);
        }
    }
    free(judges);
    model_destroy(model);
}

static void inspect(struct cell *c, const struct trace *trace)
{
    c->steps = trace->n;
    if (!c->workload)
        c->mark = c->steps;
    c->one_table = true;
    for (size_t i = 0; i < trace->n; i++) {
        c->ordered |= trace->ops[i].kind == HT_POP;
        c->copied |= trace->ops[i].kind == HT_COPY;
        c->one_table &= trace->ops[i].kind < HT_USE;
    }
}

/* Can this arm replay the trace at all? */
static bool fits(const struct cell *c, const struct arm *arm)
{
    if (c->ordered && !(arm->table->traits & HT_ORDERED))
        return false;
    if (c->copied && (arm->table->traits & HT_NO_COPY))
        return false;
    return arm->kind == ARM_TABLE || (c->mark < c->steps && c->one_table);
}

static bool is_reference(const struct cell *c, size_t arm)
{
    return c->arms[arm].kind != ARM_TABLE;
}

/* The tables in an order that the process draws (as listed where it draws 0), then the
 * reference rows, which need to know what their table had. */
static size_t *draw_order(const struct cell *c)
{
    size_t *order = malloc((c->arm_count + 1) * sizeof *order), tables = 0;
    CHECK(order);
    for (size_t i = 0; i < c->arm_count; i++)
        if (!is_reference(c, i))
            order[tables++] = i;
    uint64_t state = c->order;
    for (size_t i = tables; i > 1 && c->order; i--) { /* Fisher-Yates */
        state = ht_mix(state);
        size_t at = (size_t)(state % i), last = order[i - 1];
        order[i - 1] = order[at];
        order[at] = last;
    }
    for (size_t i = 0; i < c->arm_count; i++)
        if (is_reference(c, i))
            order[tables++] = i;
    return order;
}

void cell_measure(struct cell *c)
{
    struct trace trace = {0};
    c->measured = true;
    if (!load(c, &trace)) {
        trace_free(&trace);
        return;
    }
    inspect(c, &trace);
    cut(c);
    consult_model(c, trace.ops);
    if (!c->workload)
        c->n = c->live_peak;
    machine_memory(c->pages, WARM_BYTES_LEAST + c->live_peak * WARM_BYTES_AN_ENTRY * c->copies);
    for (size_t i = 0; i < c->arm_count; i++) {
        struct arm *arm = &c->arms[i];
        arm->wanted = arm->wanted && fits(c, arm) && trial_passes(arm, c, trace.ops);
    }
    size_t *order = draw_order(c);
    for (unsigned round = 0; round < c->rounds; round++) {
        for (size_t i = 0; i < c->arm_count; i++) {
            struct arm *arm = &c->arms[order[round % 2 ? c->arm_count - 1 - i : i]];
            if (arm->wanted)
                arm_run(arm, c, trace.ops, (unsigned)i);
        }
    }
    free(order);
    trace_free(&trace);
    free(c->survivors);
    c->survivors = NULL;
}
