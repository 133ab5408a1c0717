/* What each strategy is for, in figures: bytes per live entry and entries moved.
 *
 * Normal sizes only.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"
#include "workload.h"

enum { MOST = 1000000 };

/* Bytes per live entry that `shrink` may hold at any step of a purge, on every
 * engine, and entries that it, and who closes holes, may move per step on average. */
enum { SHRINK_BYTES = 90, MOST_MOVES = 4 };

/* Entries that a step of `incremental` moves at most, where none asks for all. */
enum { MOST_AT_ONCE = 7 };

struct subject {
    const struct ht_table *table;
    struct ht_mem mem;
    struct ht *ht;
};

static void start(struct subject *s, const struct ht_table *table)
{
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    s->table = table;
    ht_mem_init(&s->mem);
    s->ht = table->create(&s->mem, &config);
    CHECK(s->ht);
}

static void end(struct subject *s)
{
    s->table->destroy(s->ht);
    CHECK(s->mem.live == 0);
}

static void fill(struct subject *s, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        CHECK(s->table->put(s->ht, ht_mix(i), i) == HT_NEW);
}

static void erase(struct subject *s, uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++)
        CHECK(s->table->del(s->ht, ht_mix(i)));
}

static struct ht_stats stats_of(const struct subject *s)
{
    struct ht_stats stats;
    s->table->stats(s->ht, &stats);
    return stats;
}

static bool is(const struct ht_table *t, const char *strategy)
{
    return strcmp(t->strategy, strategy) == 0;
}

static void shrink_follows_live(const struct ht_table *t)
{
    for (uint64_t n = 1000; n <= MOST; n *= 10) {
        struct subject s;
        start(&s, t);
        fill(&s, n);
        for (uint64_t i = n / 100; i < n; i++) {
            erase(&s, i, i + 1);
            uint64_t live = n - 1 - (i - n / 100);
            if (live >= 10) /* below, the smallest table is more than 90 bytes an entry */
                CHECK(s.mem.live <= SHRINK_BYTES * live);
        }
        struct ht_stats stats = stats_of(&s);
        CHECK(stats.live == n / 100);
        CHECK(stats.moved <= MOST_MOVES * (2 * n - n / 100));
        end(&s);
    }
}

static void tombstone_keeps_its_peak(const struct ht_table *t)
{
    struct subject s;
    start(&s, t);
    fill(&s, MOST);
    size_t full = s.mem.live;
    erase(&s, 0, MOST);
    CHECK(s.mem.live == full && full > 29 * (size_t)MOST);
    t->clear(s.ht);
    CHECK(s.mem.live == full);
    end(&s);
}

static void compact_is_tight(const struct ht_table *t)
{
    struct subject s;
    start(&s, t);
    fill(&s, MOST);
    erase(&s, 10000, MOST);
    CHECK(t->compact(s.ht));
    CHECK(s.mem.live <= (strcmp(t->engine, "dict") == 0 ? 31 : 29) * (size_t)10000);
    end(&s);
}

static void clear_holds_nothing(const struct ht_table *t)
{
    struct subject s;
    start(&s, t);
    fill(&s, MOST / 10);
    t->clear(s.ht);
    CHECK(s.mem.live == 0);
    fill(&s, 10);
    end(&s);
}

static void drained_holds_nothing(const struct ht_table *t)
{
    struct subject s;
    start(&s, t);
    fill(&s, MOST / 10);
    erase(&s, 1, MOST / 10);
    CHECK(s.mem.live > 0);
    erase(&s, 0, 1);
    CHECK(s.mem.live == 0);
    end(&s);
}

static void no_step_moves_many(const struct ht_table *t)
{
    const uint64_t n = MOST / 10;
    struct subject s;
    start(&s, t);
    for (s.mem.step = 0; s.mem.step < n; s.mem.step++)
        CHECK(t->put(s.ht, ht_mix(s.mem.step), 0) == HT_NEW);
    for (; s.mem.step < 2 * n; s.mem.step++)
        erase(&s, s.mem.step - n, s.mem.step - n + 1);
    struct ht_stats stats = stats_of(&s);
    CHECK((t->traits & HT_MOVES) || stats.moved_most == MOST_AT_ONCE);
    CHECK(stats.moved - stats.shifted <= 2 * n * MOST_MOVES && s.mem.live <= 1000);
    end(&s);
}

/* One entry more than there is room for, and then fewer and fewer: the table goes back to
 * the slots it had, and moves less than half of what growing would have. */
static void growth_turns_round(const struct ht_table *t)
{
    struct subject s;
    start(&s, t);
    fill(&s, 10000);
    uint64_t n = 10000;
    struct ht_stats before = stats_of(&s), now;
    do {
        CHECK(t->put(s.ht, ht_mix(n), n) == HT_NEW);
        now = before;
        before = stats_of(&s);
        n++;
    } while (before.slots <= now.slots);
    CHECK(before.slots == 3 * now.slots); /* the old storage and one of twice as many slots */
    uint64_t erased = 0;
    while (stats_of(&s).slots != now.slots) {
        erase(&s, erased, erased + 1);
        CHECK(++erased < n / 8);
    }
    before = stats_of(&s);
    CHECK(before.moved - before.shifted - (now.moved - now.shifted) < n / 2);
    for (uint64_t i = 0, value; i < n; i++)
        CHECK(t->get(s.ht, ht_mix(i), &value) == (i >= erased));
    end(&s);
}

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

/* Entries that a table moves per step, shifts included, over every workload that asks
 * for nothing. */
static void moves_little(const struct ht_table *t, const struct workload *w, unsigned variant)
{
    char title[80];
    workload_title(w, variant, title, sizeof title);
    for (uint64_t n = 10; n <= 100000; n = n * 5 / 2) {
        struct trace trace = {0};
        (void)workload_generate(w, variant, n, 1, KEYS_RANDOM, append, &trace);
        struct replay_options options = test_options(t);
        options.check = REPLAY_BLOCKS;
        struct replay_result result;
        CHECK(replay_trace(&options, trace.ops, trace.n, &result));
        if (result.stats.moved > MOST_MOVES * trace.n) {
            (void)fprintf(stderr, "%s on %s, n = %llu: %.2f entries moved a step\n", t->name, title,
                          (unsigned long long)n, (double)result.stats.moved / (double)trace.n);
            exit(1);
        }
        trace_free(&trace);
    }
}

int main(void)
{
    FOR_EACH_TABLE(t)
    {
        if (is(t, "shrink"))
            shrink_follows_live(t);
        if (is(t, "incremental")) {
            no_step_moves_many(t);
            growth_turns_round(t);
        }
        if (is(t, "tombstone"))
            tombstone_keeps_its_peak(t);
        if (is(t, "compact_copy"))
            compact_is_tight(t);
        if (is(t, "static_empty") || is(t, "drain_release"))
            clear_holds_nothing(t);
        if (is(t, "drain_release"))
            drained_holds_nothing(t);
        for (size_t i = 0; workloads[i] && (is(t, "shrink") || (t->traits & HT_MOVES)); i++)
            for (unsigned v = 0; v < workload_forms(workloads[i]); v++)
                if (workloads[i]->unasked && (!workloads[i]->ordered || (t->traits & HT_ORDERED)))
                    moves_little(t, workloads[i], v);
    }
    return 0;
}
