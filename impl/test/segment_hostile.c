/* Hashes that are alike: segment/follow keeps its answers and its promises, and does not
 * grow for them. They are also the witness of its promise of bytes, which hashes that
 * spread do not use up.
 *
 * SPDX-License-Identifier: MIT */
#include "segment_weak.h"

#include "explore.h"

enum { SEEDS = 60, STEPS = 1500 };

static void replay_traces(void)
{
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct replay_options options = test_options(&ht_table_weak);
        struct replay_result result;
        struct trace trace = test_random_trace(seed, STEPS, seed % 2 ? 256 : 20, false);
        if (!replay_trace(&options, trace.ops, trace.n, &result))
            test_fail(&options, &trace, &result, "hashes that are alike");
        options.fail = seed % 4 < 2 ? HT_FAIL_ONCE : HT_FAIL_FOREVER;
        options.fail_nth = seed * 7 % 50 + 2;
        if (!replay_trace(&options, trace.ops, trace.n, &result))
            test_fail(&options, &trace, &result, "hashes that are alike, starved");
        trace_free(&trace);
    }
}

/* What lives goes to new storage, judged: what hangs in the tree must not have room there too. */
static void replay_copies(void)
{
    struct trace trace = {0};
    for (uint64_t i = 0; i < MANY / 10; i++)
        trace_append(&trace, (struct ht_op){ht_mix(i), HT_PUT});
    for (enum ht_kind kind = HT_COMPACT; kind <= HT_REBUILD_COPY; kind++)
        trace_append(&trace, (struct ht_op){0, kind});
    struct replay_options options = test_options(&ht_table_weak);
    struct replay_result result;
    if (!replay_trace(&options, trace.ops, trace.n, &result))
        test_fail(&options, &trace, &result, "copies where hashes are alike");
    trace_free(&trace);
}

/* Grows, purges and churns, judged at every step. */
static void replay_many(void)
{
    struct trace trace = {0};
    for (uint64_t i = 0; i < MANY; i++)
        trace_append(&trace, (struct ht_op){ht_mix(i), HT_PUT});
    for (uint64_t i = 0; i < MANY - MANY / 50; i++)
        trace_append(&trace, (struct ht_op){ht_mix(i * 7 % MANY), HT_DEL});
    for (uint64_t i = 0; i < MANY / 4; i++) {
        trace_append(&trace, (struct ht_op){ht_mix(MANY + i), HT_PUT});
        trace_append(&trace, (struct ht_op){ht_mix(i * 7 % MANY), HT_GET});
        if (i > MANY / 8)
            trace_append(&trace, (struct ht_op){ht_mix(MANY + i - MANY / 8), HT_DEL});
    }
    struct replay_options options = test_options(&ht_table_weak);
    struct replay_result result;
    if (!replay_trace(&options, trace.ops, trace.n, &result)) {
        (void)fprintf(stderr, "weakness %d, step %llu: %s\n", (int)weakness,
                      (unsigned long long)result.failed_step, result.what);
        exit(1);
    }
    (void)printf("weakness %d: %llu entries moved by one step at most\n", (int)weakness,
                 (unsigned long long)result.stats.moved_most);
    CHECK(result.stats.moved_most <= MOVES_MOST);
    trace_free(&trace);
}

/* Every state that few keys reach, in the smallest sizes. */
static void explore_states(void)
{
    struct explore_options options = {
        .table = &ht_table_weak, .config = {.seed = 1}, .keys = 3, .all = true};
    struct explore_result r;
    if (!explore(&options, &r) || !r.closed) {
        (void)fprintf(stderr, "weakness %d: %s\n", (int)weakness, r.what);
        exit(1);
    }
    CHECK(r.states > 150 && r.starved > 0);
}

/* The buckets follow the number of entries in them, and nothing else. */
static void buckets_are_bounded(void)
{
    struct ht_mem mem;
    struct ht *t = start(&mem);
    for (uint64_t i = 0; i < MANY; i++)
        CHECK(put(t, ht_mix(i), i) == HT_NEW);
    size_t most = buckets_for(MANY) + SEGMENT_MOST; /* and early, down to the lower limit */
    CHECK(t->core.store.count <= (weakness == SOUND ? most : most * FULL_FEW / LOW_FEW));
    CHECK(weakness != ALL_EQUAL || t->core.tree.count >= MANY - 2 * BUCKET_SLOTS);
    CHECK(weakness != SOUND || BUCKET_SLOTS < 8 || t->core.tree.count <= 1);
    destroy(t);
    CHECK(mem.live == 0 && mem.handles == 0);
}

/* More bytes at rest than nodes alone take: buckets of keys that are their own hash merge, two
 * full ones into one, and every second entry becomes a node; an idle moment does so many only. */
static void promise_is_used(void)
{
    enum { BUCKETS = 1535, ROUND = 1024, RESERVED = 10105, SPARE = 600, SPARES = 11, TICKS = 40 };
    struct trace trace = {0};
    trace_append(&trace, (struct ht_op){RESERVED, HT_RESERVE});
    for (uint64_t b = 0; b < BUCKETS; b++) /* each key has this bucket alone */
        for (uint64_t i = 0; i < BUCKET_SLOTS && (b < BUCKETS - ROUND || b >= ROUND); i++)
            trace_append(&trace, (struct ht_op){b | b << 40 | i << 12, HT_PUT});
    for (uint64_t b = SPARE; b < SPARE + SPARES; b++) /* one fewer is too few for the buckets */
        trace_append(&trace, (struct ht_op){b | b << 40, HT_PUT});
    trace_append(&trace, (struct ht_op){0, HT_RESERVE});
    trace_append(&trace, (struct ht_op){SPARE | (uint64_t)SPARE << 40, HT_DEL});
    struct replay_options options = test_options(&ht_table_weak);
    struct replay_result result;
    struct replay *r = replay_start(&options);
    double most = 0;
    CHECK(replay_steps(r, trace.ops, trace.n, NULL));
    for (unsigned i = 0; i < TICKS; i++) {
        struct ht_op tick = {1, HT_TICK};
        struct ht_stats s;
        CHECK(replay_steps(r, &tick, 1, NULL));
        replay_current(r, &s);
        double used = (double)s.held / (double)replay_bound(r);
        most = used > most ? used : most;
    }
    (void)printf("behind: %.1f %% of the bytes promised are used\n", 100 * most);
    (void)fflush(stdout);
    CHECK(most >= 0.95);
    replay_finish(r, &result);
    CHECK(!result.failed);
    trace_free(&trace);
}

int main(void)
{
    for (int i = SOUND; i < WEAKNESSES; i++) {
        weakness = (enum weakness)i;
        if (BUCKET_SLOTS < 8)
            explore_states();
        replay_traces();
        replay_copies();
        replay_many();
        buckets_are_bounded();
        if (weakness == PLAIN && BUCKET_SLOTS == 8)
            promise_is_used();
    }
    return 0;
}
