/* Hashes that are alike: segment/follow keeps its answers and its promises, and does not
 * grow for them. They are also the witness of its promise of bytes, which hashes that
 * spread do not use up.
 *
 * SPDX-License-Identifier: MIT */
#include "hash.h"

/* How the hash is spoilt; 0 is as it should be. */
enum weakness { SOUND, ALL_EQUAL, TWO_BITS, LOW_EQUAL, TOP_EQUAL, TAG_EQUAL, PLAIN, WEAKNESSES };
static enum weakness weakness;

static inline uint64_t weak_hash(uint64_t key, uint64_t seed)
{
    uint64_t hash = ht_hash(key, seed);
    switch (weakness) {
    case ALL_EQUAL:
        return 0;
    case TWO_BITS:
        return (hash & 3) * UINT64_C(0x5555555555555555);
    case LOW_EQUAL: /* one bucket is the first of all */
        return hash & ~UINT64_C(0xffffff);
    case TOP_EQUAL: /* one bucket is the other of all */
        return hash & UINT32_MAX;
    case TAG_EQUAL:
        return hash & ~UINT64_C(0xffff000000);
    case PLAIN:
        return key;
    case SOUND:
    case WEAKNESSES:
        break;
    }
    return hash;
}

#define ht_hash(key, seed) weak_hash(key, seed)
#include "segment/operations.h"
#undef ht_hash

#include "explore.h"
#include "test.h"

extern const struct ht_table ht_table_weak;
SEGMENT_TABLE(ht_table_weak, "segment", "weak");

#ifdef HT_HARD
enum { SEEDS = 60, STEPS = 1500, MANY = 3000 }; /* as many as the promise is for */
#else
enum { SEEDS = 60, STEPS = 1500, MANY = 30000 };
#endif

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
    struct ht_config config = {.seed = 1};
    ht_mem_init(&mem);
    struct ht *t = create(&mem, &config);
    CHECK(t);
    for (uint64_t i = 0; i < MANY; i++)
        CHECK(put(t, ht_mix(i), i) == HT_NEW);
    size_t most = buckets_for(MANY) + SEGMENT_MOST; /* and early, down to the lower limit */
    CHECK(t->core.store.count <= (weakness == SOUND ? most : most * FULL_FEW / LOW_FEW));
    CHECK(weakness != ALL_EQUAL || t->core.tree.count >= MANY - 2 * BUCKET_SLOTS);
    CHECK(weakness != SOUND || BUCKET_SLOTS < 8 || t->core.tree.count <= 1);
    destroy(t);
    CHECK(mem.live == 0 && mem.handles == 0);
}

/* Nearly all entries are nodes of the tree, so no fewer bytes could be promised. The
 * smallest sizes promise more, for segments of a few buckets. */
static void promise_is_used(void)
{
    struct trace trace = {0};
    struct replay_options options = test_options(&ht_table_weak);
    struct replay_result result;
    struct ht_stats s;
    for (uint64_t i = 0; i < MANY; i++)
        trace_append(&trace, (struct ht_op){ht_mix(i), HT_PUT});
    struct replay *r = replay_start(&options);
    CHECK(replay_steps(r, trace.ops, trace.n, NULL));
    replay_current(r, &s);
    (void)printf("%zu of %zu bytes promised are used\n", s.held, replay_bound(r));
    CHECK(BUCKET_SLOTS < 8 || s.held * 100 >= replay_bound(r) * 95);
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
        if (weakness == ALL_EQUAL)
            promise_is_used();
    }
    return 0;
}
