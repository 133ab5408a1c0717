/* Replays a trace on a table and checks it; see replay.h.
 *
 * SPDX-License-Identifier: MIT */
#include "replay.h"

#include "apply.h"
#include "check.h"
#include "define.h"
#include "model.h"
#include "promise.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

/* A walk of a table is due when this many times the steps since the last one
 * exceed the slots it would look at; the first steps are all walked, and with the smallest sizes
 * every eighth. */
enum { WALK_SHARE = 8, WALK_ALWAYS = 16 };
#ifdef HT_HARD
enum { WALK_EVERY = 8 };
#else
enum { WALK_EVERY = INT32_MAX };
#endif

/* Keys of the last gets, puts and dels, in a ring: after every MANY_EVERY of them all are looked
 * up in two calls, of another length each time. */
enum { MANY_EVERY = HT_MANY_KEYS / 2 };

struct recent {
    uint64_t key[HT_MANY_KEYS];
    uint64_t count;
};

struct replay {
    struct replay_options options;
    struct ht_mem mem;
    struct ht_set set;
    struct model *model;
    struct ht_judge *judges; /* by number of table */
    size_t judge_count;
    uint64_t walked; /* the step of the last walk */
    struct recent recent;
    struct replay_result result;
};

__attribute__((format(printf, 2, 3))) static void fail(struct replay *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(r->result.what, sizeof r->result.what, format, args);
    va_end(args);
    r->result.failed = true;
}

struct replay *replay_start(const struct replay_options *options)
{
    struct replay *r = calloc(1, sizeof *r);
    CHECK(r);
    r->options = *options;
    ht_mem_init(&r->mem);
    if (options->fail != HT_FAIL_NEVER)
        ht_mem_fail(&r->mem, options->fail, options->fail_nth);
    ht_set_init(&r->set, options->table, &r->mem, &options->config);
    if (options->check == REPLAY_STEPS)
        r->model = model_create();
    r->result.failed_op.kind = HT_KINDS;
    return r;
}

/* ---- walking a table ------------------------------------------------------ */

struct comparison {
    struct replay *r;
    size_t visited;
    uint64_t sum;
};

static void compare_entry(void *arg, uint64_t key, uint64_t value)
{
    struct comparison *c = arg;
    uint64_t expected;
    c->visited++;
    c->sum = ht_fold(c->sum, ht_entry_sum(key, value));
    if (c->r->result.failed)
        return;
    if (!model_get(c->r->model, key, &expected))
        fail(c->r, "key %" PRIu64 " is visited, but the model does not hold it", key);
    else if (value != expected)
        fail(c->r, "key %" PRIu64 " is visited with value %" PRIu64 ", the model says %" PRIu64,
             key, value, expected);
}

static void sum_entry(void *arg, uint64_t key, uint64_t value)
{
    struct comparison *c = arg;
    c->sum = ht_fold(c->sum, ht_entry_sum(key, value));
}

/* What all tables say they hold is what the allocator counts. */
static void compare_all_bytes(struct replay *r)
{
    const struct ht_table *table = r->options.table;
    size_t held = 0;
    for (size_t i = 0; i < r->set.room && table->promise; i++) {
        if (!r->set.all[i])
            continue;
        struct ht_stats s;
        table->stats(r->set.all[i], &s);
        held += s.held;
    }
    if (table->promise && held != r->mem.live)
        fail(r, "the tables say they hold %zu bytes, the allocator counts %zu", held, r->mem.live);
}

static void walk(struct replay *r, struct ht *t)
{
    const struct ht_table *table = r->options.table;
    const char *broken = table->check(t);
    if (broken) {
        fail(r, "%s", broken);
        return;
    }
    struct comparison seen = {.r = r}, model = {.r = r};
    table->each(t, compare_entry, &seen);
    if (r->result.failed)
        return;
    if (seen.visited != model_live(r->model)) {
        fail(r, "%zu entries are visited, the model holds %zu", seen.visited, model_live(r->model));
        return;
    }
    if (table->traits & HT_ORDERED) {
        model_each(r->model, sum_entry, &model);
        if (seen.sum != model.sum) {
            fail(r, "the entries are not visited in the order of their insertion");
            return;
        }
    }
    compare_all_bytes(r);
}

static bool walk_due(const struct replay *r, const struct ht_stats *s)
{
    uint64_t since = r->result.steps - r->walked;
    return r->result.steps < WALK_ALWAYS || since >= WALK_EVERY ||
           since * WALK_SHARE >= s->slots + r->set.room;
}

/* ---- many keys at once ------------------------------------------------------ */

static void compare_some(struct replay *r, const struct ht *t, const uint64_t *keys, unsigned n)
{
    static const char *const says[] = {"a miss", "a value"};
    uint64_t values[HT_MANY_KEYS] = {0}, expected;
    uint32_t found = r->options.table->get_many(t, keys, values, n);
    for (unsigned i = 0; i < n; i++) {
        unsigned is = found >> i & 1, there = model_get(r->model, keys[i], &expected);
        if (is != there)
            fail(r, "get_many answers %s for key %" PRIu64 ", the model says %s", says[is], keys[i],
                 says[there]);
        else if (is && values[i] != expected)
            fail(r,
                 "get_many answers value %" PRIu64 " for key %" PRIu64 ", the model says %" PRIu64,
                 values[i], keys[i], expected);
    }
    if (n < HT_MANY_KEYS && found >> n)
        fail(r, "get_many of %u keys answers for more", n);
}

/* Those of the last steps, which are there or not, at whatever state the table is in. */
static void compare_many(struct replay *r, const struct ht *t)
{
    uint64_t count = r->recent.count;
    unsigned n = count < HT_MANY_KEYS ? (unsigned)count : HT_MANY_KEYS;
    unsigned first = (unsigned)(count / MANY_EVERY % (n + 1));
    compare_some(r, t, r->recent.key, first);
    compare_some(r, t, r->recent.key + first, n - first);
}

/* Is it time for it? Notes the key of the step. */
static bool many_due(struct replay *r, struct ht_op op)
{
    if (op.kind > HT_DEL)
        return false;
    r->recent.key[r->recent.count++ % HT_MANY_KEYS] = op.key;
    return r->recent.count % MANY_EVERY == 0;
}

/* ---- one step, checked ------------------------------------------------------ */

static struct applied apply(struct replay *r, struct ht_op op)
{
    const struct ht_table *table = r->options.table;
    if (op.kind == HT_USE)
        return (struct applied){.failed = !ht_set_use(&r->set, op.key)};
    if (op.kind == HT_DROP) {
        ht_set_drop(&r->set);
        return (struct applied){0};
    }
    struct ht *t = ht_set_current(&r->set);
    if (!t)
        return (struct applied){.failed = true};
    return ht_apply(table, t, op, r->result.steps);
}

static struct ht_judge *judge_of(struct replay *r, size_t number)
{
    if (number >= r->judge_count) {
        size_t count = r->judge_count ? r->judge_count : 1;
        while (count <= number)
            count *= 2;
        r->judges = realloc(r->judges, count * sizeof *r->judges);
        CHECK(r->judges);
        for (size_t i = r->judge_count; i < count; i++)
            ht_judge_start(&r->judges[i], r->options.table, r->options.config.profile);
        r->judge_count = count;
    }
    return &r->judges[number];
}

void replay_current(struct replay *r, struct ht_stats *s)
{
    struct ht *t = r->set.current < r->set.room ? r->set.all[r->set.current] : NULL;
    if (t)
        r->options.table->stats(t, s);
    else
        memset(s, 0, sizeof *s);
}

size_t replay_bound(struct replay *r)
{
    return judge_of(r, r->set.current)->bound;
}

int64_t replay_overdrawn(struct replay *r)
{
    const struct ht_judge *j = judge_of(r, r->set.current);
    return j->table->promise ? ht_judge_overdrawn(j) : 0;
}

/* The work of a step: what the table's counters say now, less what they said before. */
static void judge_step(struct replay *r, struct ht_op op, struct applied did, size_t live_before,
                       const struct ht_stats *before, const struct ht_stats *after,
                       uint64_t refused_before, size_t mem_before)
{
    struct ht_judge *judge = judge_of(r, r->set.current);
    struct ht_judged d = {
        .op = op,
        .failed = did.failed,
        .refused = r->mem.refused != refused_before,
        .live_before = live_before,
        .live = model_live(r->model),
        .held_before = before->held,
        .held = after->held,
        .held_most = r->mem.op_peak - (mem_before - before->held),
        .slots = before->slots > after->slots ? before->slots : after->slots,
        .moved = after->moved - before->moved - (after->shifted - before->shifted),
        .shifted = after->shifted - before->shifted,
        .probed = after->probed - before->probed,
    };
    const char *broken = ht_judge_step(judge, &d);
    if (broken)
        fail(r, "%s", broken);
    size_t bound = judge->bound;
    if (bound && bound != SIZE_MAX && (double)d.held / (double)bound > r->result.bound_used)
        r->result.bound_used = (double)d.held / (double)bound;
}

/* What a failed step must have left alone. */
static void check_unchanged(struct replay *r, const struct ht_stats *before,
                            const struct ht_stats *after, uint64_t refused_before,
                            size_t mem_before)
{
    if (r->mem.refused == refused_before)
        fail(r, "it reports no memory, but the allocator refused nothing");
    else if (after->live != before->live || after->slots != before->slots ||
             after->held != before->held || after->reserved != before->reserved)
        fail(r,
             "it reports no memory, and has changed: %zu live, %zu slots, %zu bytes; before "
             "%zu, %zu, %zu",
             after->live, after->slots, after->held, before->live, before->slots, before->held);
    else if (r->mem.live != mem_before)
        fail(r, "it reports no memory, and has kept %zu bytes more", r->mem.live - mem_before);
}

/* By how much the bytes held changed, by the table's account and the allocator's. */
static void compare_bytes(struct replay *r, size_t held_before, size_t held, size_t mem_before)
{
    if (r->options.table->promise && held - held_before != r->mem.live - mem_before)
        fail(r, "the table says it holds %zu bytes after %zu, the allocator counts %zu after %zu",
             held, held_before, r->mem.live, mem_before);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct applied apply_timed(struct replay *r, struct ht_op op)
{
    if (!r->options.time_steps)
        return apply(r, op);
    uint64_t start = now_ns();
    struct applied did = apply(r, op);
    uint64_t took = now_ns() - start;
    if (took > r->result.longest_ns) {
        r->result.longest_ns = took;
        r->result.longest_step = r->result.steps;
    }
    return did;
}

static void compare_result(struct replay *r, struct ht_op op, uint64_t is, uint64_t expected)
{
    static const char *const put[] = {"no memory", "a new key", "a known key"};
    if (is == expected)
        return;
    if (op.kind == HT_GET && is && expected)
        fail(r, "get answers value %" PRIu64 ", the model says %" PRIu64, is / 2, expected / 2);
    else if (op.kind == HT_GET)
        fail(r, "get answers %s, the model says %s", is ? "a value" : "a miss",
             expected ? "a value" : "a miss");
    else if (op.kind == HT_PUT)
        fail(r, "put answers %s, the model says %s", put[is], put[expected]);
    else if (op.kind == HT_DEL)
        fail(r, "del answers %s, the model says %s", is ? "erased" : "not found",
             expected ? "erased" : "not found");
    else
        fail(r, "%s answers %#" PRIx64 ", the model says %#" PRIx64, trace_kind_name(op.kind), is,
             expected);
}

static void step(struct replay *r, struct ht_op op)
{
    struct ht_stats before, after;
    uint64_t refused_before = r->mem.refused;
    r->mem.step = r->result.steps;
    /* Created before the step, since what creating takes is not the step's. */
    bool there = op.kind >= HT_USE || ht_set_current(&r->set);
    replay_current(r, &before);
    size_t live_before = model_live(r->model), mem_before = r->mem.live;
    ht_mem_mark(&r->mem);

    struct applied did = there ? apply_timed(r, op) : (struct applied){.failed = true};
    if (did.failed) {
        replay_current(r, &after);
        check_unchanged(r, &before, &after, refused_before, mem_before);
    } else {
        uint64_t expected = model_apply(r->model, op, r->result.steps);
        compare_result(r, op, did.result, expected);
        replay_current(r, &after);
    }
    if (op.kind == HT_DROP)
        ht_judge_start(judge_of(r, r->set.current), r->options.table, r->options.config.profile);
    else if (!r->result.failed && op.kind != HT_USE)
        judge_step(r, op, did, live_before, &before, &after, refused_before, mem_before);
    if (!r->result.failed && op.kind < HT_USE)
        compare_bytes(r, before.held, after.held, mem_before);

    r->result.live_area += model_live_all(r->model);
    if (model_live_all(r->model) > r->result.live_peak)
        r->result.live_peak = model_live_all(r->model);
    struct ht *t = r->set.current < r->set.room ? r->set.all[r->set.current] : NULL;
    if (!r->result.failed && t &&
        (op.kind == HT_SCAN || op.kind == HT_RETAIN || walk_due(r, &after))) {
        walk(r, t);
        r->walked = r->result.steps;
    }
    if (many_due(r, op) && t && !r->result.failed)
        compare_many(r, t);
}

/* ---- whole blocks ----------------------------------------------------------- */

static bool replay_by_steps(struct replay *r, const struct ht_op *ops, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        step(r, ops[i]);
        if (r->result.failed) {
            r->result.failed_step = r->result.steps;
            r->result.failed_op = ops[i];
            return false;
        }
        r->result.steps++;
    }
    return true;
}

static bool replay_by_blocks(struct replay *r, const struct ht_op *ops, size_t n,
                             const uint64_t *checksum)
{
    uint64_t sum = r->options.table->run(&r->set, ops, n, r->result.steps);
    if (checksum && sum != *checksum && !(r->options.table->traits & HT_SILENT)) {
        r->result.failed_step = r->result.steps;
        fail(r,
             "the checksum of the answers is %#" PRIx64 ", the trace recorded %#" PRIx64
             " (within the %zu steps from here)",
             sum, *checksum, n);
        return false;
    }
    r->result.steps += n;
    return true;
}

static bool can_replay(struct replay *r, const struct ht_op *ops, size_t n)
{
    if (r->options.table->traits & HT_ORDERED)
        return true;
    for (size_t i = 0; i < n; i++) {
        if (ops[i].kind != HT_POP)
            continue;
        r->result.failed_step = r->result.steps + i;
        fail(r, "a trace with `pop` replays only on tables that keep order");
        return false;
    }
    return true;
}

bool replay_steps(struct replay *r, const struct ht_op *ops, size_t n, const uint64_t *checksum)
{
    if (r->result.failed || !can_replay(r, ops, n))
        return false;
    return r->options.check == REPLAY_STEPS ? replay_by_steps(r, ops, n)
                                            : replay_by_blocks(r, ops, n, checksum);
}

const struct replay_result *replay_so_far(struct replay *r)
{
    ht_set_stats(&r->set, &r->result.stats);
    r->result.held_peak = r->mem.peak;
    r->result.area = r->result.steps ? ht_mem_area(&r->mem, r->result.steps - 1) : 0;
    r->result.allocations = r->mem.calls;
    r->result.refused = r->mem.refused;
    return &r->result;
}

void replay_finish(struct replay *r, struct replay_result *result)
{
    for (size_t i = 0; r->model && i < r->set.room && !r->result.failed; i++) {
        if (!r->set.all[i])
            continue;
        (void)model_apply(r->model, (struct ht_op){.kind = HT_USE, .key = i}, 0);
        r->set.current = i;
        walk(r, r->set.all[i]);
        r->result.failed_step = r->result.steps;
    }
    (void)replay_so_far(r);
    ht_set_free(&r->set);
    if (!r->result.failed && (r->mem.live || r->mem.handles)) {
        r->result.failed_step = r->result.steps;
        fail(r, "%zu bytes are still held after the last table is destroyed",
             r->mem.live + r->mem.handles);
    }
    *result = r->result;
    if (r->model)
        model_destroy(r->model);
    free(r->judges);
    free(r);
}

bool replay_trace(const struct replay_options *options, const struct ht_op *ops, size_t n,
                  struct replay_result *result)
{
    struct replay *r = replay_start(options);
    (void)replay_steps(r, ops, n, NULL);
    replay_finish(r, result);
    return !result->failed;
}
