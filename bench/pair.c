/* Slices of two arms in turn; see pair.h.
 *
 * SPDX-License-Identifier: MIT */
#include "pair.h"

#include "check.h"
#include "cpython_profile.h"
#include "define.h"
#include "hash.h"
#include "machine.h"
#include "model.h"
#include "workload.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Two tables while both are rebuilt: twice what cell.c allows for one. */
enum { WARM_BYTES_AN_ENTRY = 320, WARM_BYTES_LEAST = 1 << 22 };

/* The neighbour control: 280 kB beside 9 MB. The head of a slice, 49,152 lookups, comes by
 * each of the small one's 4,096 lines twelve times. */
enum { NEIGHBOUR_SMALL = 8192, NEIGHBOUR_LARGE = 300000, NEIGHBOUR_SLICES = 16 };

enum { LOOKUP_SLICES = 8 };

/* A round's tables lie behind up to so many bytes of nothing. */
enum { SPACER_MOST = 1 << 20 };

/* ---- a trace cut into slices, with what each must answer --------------------- */

struct part { /* the head of a slice, or the rest of it */
    uint64_t first, n, checksum;
};

struct cut {
    const struct workload *workload;
    unsigned variant;
    uint64_t n, seed;
    enum estimand estimand;
    struct trace trace;
    uint64_t mark;
    struct part *parts; /* two a slice */
    size_t slices;
    size_t aftermath; /* the first slice at or after the mark */
};

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

static void cut_free(struct cut *c)
{
    trace_free(&c->trace);
    free(c->parts);
    *c = (struct cut){0};
}

static void make_parts(struct cut *c)
{
    bool alike = c->estimand == PAIR_ALIKE;
    uint64_t steps = c->trace.n, length = alike ? PAIR_STEPS_ALIKE : PAIR_STEPS;
    c->parts = malloc((steps / length + 2) * 2 * sizeof *c->parts);
    CHECK(c->parts);
    c->slices = 0;
    c->aftermath = SIZE_MAX;
    for (uint64_t at = 0; at < steps;) {
        uint64_t next = at + length < steps ? at + length : steps;
        if (at < c->mark && next > c->mark)
            next = c->mark;
        if (at >= c->mark && c->aftermath == SIZE_MAX)
            c->aftermath = c->slices;
        uint64_t n = next - at, head = alike ? n - n / PAIR_REST_ALIKE : n / PAIR_HEAD;
        c->parts[2 * c->slices] = (struct part){at, head, 0};
        c->parts[2 * c->slices + 1] = (struct part){at + head, next - at - head, 0};
        c->slices++;
        at = next;
    }
}

/* Lookups that change nothing may be taken again: until there are so many slices that the
 * steps themselves, 16 bytes each, do not stay in the caches of either arm. */
static void repeat_lookups(struct cut *c, uint64_t slices)
{
    for (uint64_t at = c->mark;
         c->trace.n > c->mark && c->trace.n - c->mark < slices * PAIR_STEPS_ALIKE; at++)
        trace_append(&c->trace, c->trace.ops[at]);
}

static void consult_model(struct cut *c)
{
    struct model *model = model_create();
    for (size_t i = 0; i < 2 * c->slices; i++) {
        struct part *p = &c->parts[i];
        for (uint64_t step = p->first; step < p->first + p->n; step++)
            p->checksum = ht_fold(p->checksum, model_apply(model, c->trace.ops[step], step));
    }
    model_destroy(model);
}

static void cut_make(struct cut *c, const char *workload, uint64_t n, uint64_t seed,
                     enum estimand estimand, bool checked)
{
    unsigned variant;
    const struct workload *w = workload_find(workload, &variant);
    CHECK(w);
    if (c->workload == w && c->variant == variant && c->n == n && c->seed == seed &&
        c->estimand == estimand)
        return;
    cut_free(c);
    c->workload = w;
    c->variant = variant;
    c->n = n;
    c->seed = seed;
    c->estimand = estimand;
    c->mark = workload_generate(w, variant, n, seed, KEYS_RANDOM, append, &c->trace);
    if (estimand == PAIR_ALIKE)
        repeat_lookups(c, n == NEIGHBOUR_SMALL ? NEIGHBOUR_SLICES : LOOKUP_SLICES);
    make_parts(c);
    if (checked)
        consult_model(c);
}

/* The traces of the pair before: pairs of one workload follow each other. */
static struct cut kept, kept_neighbour;

void pair_forget(void)
{
    cut_free(&kept);
    cut_free(&kept_neighbour);
}

/* ---- one arm ------------------------------------------------------------------ */

struct side {
    const struct cut *cut;
    const struct ht_table *table;
    struct ht_mem mem;
    struct ht_set set;
    bool wrong; /* an answer was */
};

struct slice_times {
    uint64_t head_ns, ns, switches;
};

static void side_start(struct side *s, const struct cut *cut, const struct ht_table *table)
{
    const struct ht_config config = {.seed = cut->seed, .profile = CPYTHON_DEFAULT};
    *s = (struct side){.cut = cut, .table = table};
    ht_mem_init(&s->mem);
    ht_set_init(&s->set, table, &s->mem, &config);
}

static void run_part(struct side *s, const struct part *p)
{
    if (!p->n)
        return;
    uint64_t sum = s->table->run(&s->set, s->cut->trace.ops + p->first, p->n, p->first);
    s->wrong |= sum != p->checksum && !(s->table->traits & HT_SILENT);
}

/* So many steps more for each 10,000 of the slice's rest: lookups, those that follow it. */
static void run_more(struct side *s, size_t slice, uint64_t more)
{
    const struct part *rest = &s->cut->parts[2 * slice + 1];
    uint64_t n = rest->n * more / 10000, next = rest->first + rest->n;
    if (next + n > s->cut->trace.n)
        next = s->cut->mark;
    (void)s->table->run(&s->set, s->cut->trace.ops + next, n, next);
}

static void wait_busy(void)
{
    uint64_t start = machine_cpu_ns();
    while (machine_cpu_ns() - start < PAIR_PAUSE_NS) {
    }
}

/* Brings a slice's steps, 16 bytes each, into the caches: else one arm may find them there and the
 * other not, which was 4 % of a hit in a small table. */
static void read_steps(const struct side *s, size_t slice)
{
    const struct part *parts = &s->cut->parts[2 * slice];
    const struct ht_op *op = s->cut->trace.ops + parts[0].first;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < parts[0].n + parts[1].n; i++)
        sum += op[i].key;
    __asm__ volatile("" : : "r"(sum));
}

static struct slice_times run_slice(struct side *s, size_t slice, enum injection injection,
                                    uint64_t more)
{
    const struct part *parts = &s->cut->parts[2 * slice];
    struct slice_times t;
    uint64_t switches = machine_switches();
    uint64_t start = machine_cpu_ns();
    run_part(s, &parts[0]);
    uint64_t head = machine_cpu_ns();
    run_part(s, &parts[1]);
    if (injection == INJECT_STEPS)
        run_more(s, slice, more);
    if (injection == INJECT_PAUSE && slice == s->cut->slices / 4)
        wait_busy();
    t.ns = machine_cpu_ns() - start;
    t.head_ns = head - start;
    t.switches = machine_switches() - switches;
    return t;
}

static void run_untimed(struct side *s, size_t from, size_t to)
{
    for (size_t i = 2 * from; i < 2 * to; i++)
        run_part(s, &s->cut->parts[i]);
}

/* ---- a pair --------------------------------------------------------------------- */

struct duel {
    const struct pair *pair;
    const struct pair_run *run;
    struct side sides[2]; /* a, b */
    struct side neighbour;
    struct pair_times *times;
    unsigned round;
    size_t turn;
    bool wrong[2];
};

void pair_heading(FILE *file)
{
    (void)fputs("pair,arm,round,turn,slice,steps,head_ns,ns,switches\n", file);
}

/* The neighbour control: one table, after a slice of its own (a) or of the neighbour (b). The
 * slice that is timed lies far from those taken before, or a would find its steps in the caches;
 * over a sweep both arms take all of them. */
static size_t prepare_neighbour(struct duel *d, unsigned arm, size_t slice)
{
    const struct cut *own = d->sides[0].cut, *large = d->neighbour.cut;
    size_t from = own->aftermath, count = own->slices - from, turn = slice - from;
    size_t other = large->aftermath + turn % (large->slices - large->aftermath),
           near = from + (turn + count / 4) % count;
    if (arm)
        run_untimed(&d->neighbour, other, other + 1);
    else
        run_untimed(&d->sides[0], near, near + 1);
    return arm ? from + (turn + count / 2) % count : slice;
}

static void write_slice(const struct duel *d, unsigned arm, size_t slice,
                        const struct slice_times *t)
{
    const struct part *parts = &d->sides[0].cut->parts[2 * slice];
    (void)fprintf(d->run->slices,
                  "%s,%s,%u,%zu,%zu,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
                  d->pair->name, arm ? "b" : "a", d->round, d->turn, slice, parts[0].n + parts[1].n,
                  t->head_ns, t->ns, t->switches);
}

static void take_slice(struct duel *d, unsigned arm, size_t slice)
{
    enum injection injection = d->pair->injection;
    struct side *s = &d->sides[arm];
    if (injection == INJECT_NEIGHBOUR) {
        slice = prepare_neighbour(d, arm, slice);
        s = &d->sides[0];
    }
    if (d->pair->estimand == PAIR_ALIKE)
        read_steps(s, slice);
    struct slice_times t = run_slice(s, slice, arm ? injection : INJECT_NOTHING, d->run->more);
    *(arm ? &d->times->b : &d->times->a) += (double)t.ns / 1e9;
    if (d->run->slices)
        write_slice(d, arm, slice, &t);
    d->turn++;
}

/* Slices `from` to the end, in the order a b b a; the round and the process decide who
 * begins. */
static void take_slices(struct duel *d, size_t from)
{
    size_t begins = (size_t)(d->run->order + d->round);
    for (size_t slice = from; slice < d->sides[0].cut->slices; slice++) {
        unsigned first = (unsigned)((begins + d->turn / 2) % 2);
        take_slice(d, first, slice);
        take_slice(d, 1 - first, slice);
    }
}

/* Both tables anew; the round and the process decide who comes first in the heap. */
static void start_sides(struct duel *d, const struct ht_table *const *tables)
{
    unsigned first = (unsigned)(d->run->order / 2 + d->round) % 2;
    for (unsigned i = 0; i < 2; i++) {
        unsigned arm = (first + i) % 2;
        side_start(&d->sides[arm], &kept, tables[arm]);
        if (d->pair->estimand == PAIR_ALIKE) /* lookups leave a table as it was */
            run_untimed(&d->sides[arm], 0, kept.aftermath);
    }
}

static void end_sides(struct duel *d)
{
    for (unsigned i = 0; i < 2; i++) {
        d->wrong[i] |= d->sides[i].wrong || d->sides[i].mem.refused;
        ht_set_free(&d->sides[i].set);
    }
}

/* The first replay in a process takes up to a quarter longer: it fills the heap's lists and every
 * cache. It is not timed. */
static void warm_up(struct duel *d, const struct ht_table *const *tables)
{
    start_sides(d, tables);
    for (unsigned arm = 0; arm < 2 && d->pair->estimand == PAIR_PLACES; arm++)
        run_untimed(&d->sides[arm], 0, kept.slices);
    end_sides(d);
}

static void measure_rounds(struct duel *d, const struct ht_table *const *tables)
{
    warm_up(d, tables);
    for (d->round = 0; d->round < d->run->rounds; d->round++) {
        uint64_t drawn = ht_mix(d->run->order * 1000 + d->round);
        void *spacer = malloc(1 + drawn % SPACER_MOST);
        CHECK(spacer);
        start_sides(d, tables);
        d->turn = 0;
        if (d->pair->estimand == PAIR_PLACES)
            take_slices(d, 0);
        for (unsigned i = 0; i < PAIR_REPEATS && d->pair->estimand == PAIR_ALIKE; i++)
            take_slices(d, kept.aftermath);
        end_sides(d);
        free(spacer);
    }
}

bool pair_measure(const struct pair *p, const struct pair_run *run, struct pair_times *times,
                  char *error, size_t room)
{
    const struct ht_table *tables[2];
    bool neighbour = p->injection == INJECT_NEIGHBOUR;
    struct pair_run mine = *run;
    if (p->estimand == PAIR_ALIKE)
        mine.rounds = (run->rounds + PAIR_ROUNDS_ALIKE - 1) / PAIR_ROUNDS_ALIKE;
    if (p->injection == INJECT_PAUSE && run->rounds > PAIR_ROUNDS_PAUSE)
        mine.rounds = PAIR_ROUNDS_PAUSE;
    if (neighbour)
        mine.n = NEIGHBOUR_SMALL;
    struct duel d = {.pair = p, .run = &mine, .times = times};
    *times = (struct pair_times){0};
    CHECK(pair_tables(p, p->control ? PAIR_AS_IS : run->null, &tables[0], &tables[1]));
    cut_make(&kept, p->workload, mine.n, mine.seed, p->estimand, true);
    CHECK(p->estimand != PAIR_ALIKE || kept.aftermath != SIZE_MAX);
    machine_memory(PAGES_WARM, WARM_BYTES_LEAST + mine.n * WARM_BYTES_AN_ENTRY);
    if (neighbour) {
        cut_make(&kept_neighbour, p->workload, NEIGHBOUR_LARGE, mine.seed, p->estimand, false);
        side_start(&d.neighbour, &kept_neighbour, tables[0]);
        run_untimed(&d.neighbour, 0, kept_neighbour.slices);
    }
    measure_rounds(&d, tables);
    if (neighbour)
        ht_set_free(&d.neighbour.set);
    for (unsigned i = 0; i < 2; i++)
        if (d.wrong[i])
            (void)snprintf(error, room,
                           "%s: answers differ from the model's, or requests for "
                           "memory were refused",
                           tables[i]->name);
    return !d.wrong[0] && !d.wrong[1];
}

/* ---- overhead ------------------------------------------------------------------ */

static int by_value(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

double pair_edge_ns(void)
{
    enum { TIMES = 2001, MIDDLE = TIMES / 2 };
    static uint64_t took[TIMES];
    struct part none[2] = {{0}};
    struct cut cut = {.parts = none, .slices = 1};
    struct side s = {.cut = &cut};
    for (size_t i = 0; i < TIMES; i++)
        took[i] = run_slice(&s, 0, INJECT_NOTHING, 0).ns;
    qsort(took, TIMES, sizeof *took, by_value);
    return (double)took[MIDDLE];
}
