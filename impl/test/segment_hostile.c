/* Hashes that are alike: segment/follow keeps its answers and its promises, and does not
 * grow for them. They are also the witness of its promise of bytes, which hashes that
 * spread do not use up. And sizes beyond memory are refused.
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
        return hash & ~UINT64_C(0xff00000000);
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

TEST_WISHES_BEYOND_MEMORY

extern const struct ht_table ht_table_weak;
SEGMENT_TABLE(ht_table_weak, "segment", "weak");

#ifdef HT_HARD
enum { SEEDS = 60, STEPS = 1500, MANY = 3000 }; /* as many as the promise is for */
enum { REFUSED_MOST = 40 };
#else
enum { SEEDS = 60, STEPS = 1500, MANY = 30000 };
enum { REFUSED_MOST = BLOCK_MOST };
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

/* As many entries as so many buckets are kept for, those of the last buckets and of their buddies full
 * and each with this bucket alone; when one more goes, an idle moment merges so many buckets only, and a
 * refusal loses nothing. */
static void merges_by_moments(void)
{
    enum { ROUND = BUCKET_SLOTS < 8 ? 64 : 1024, COUNT = 2 * ROUND - 1 };
    struct ht_mem mem;
    struct ht_config config = {.seed = 1};
    ht_mem_init(&mem);
    struct ht *t = create(&mem, &config);
    size_t least = fewest_of(COUNT), full = least / (2 * (size_t)BUCKET_SLOTS), keys = 0;
    CHECK(t && reserve(t, entries_in(COUNT, FULL_FEW, FULL_MANY)));
    CHECK(t->core.store.count == COUNT && full > MERGE_MOST);
    for (uint64_t b = COUNT - full; b < COUNT; b++)
        for (uint64_t i = 0; i < UINT64_C(2) * BUCKET_SLOTS; i++, keys++) {
            uint64_t home = i % 2 ? b : buddy_of(b);
            CHECK(put(t, home | home << 40 | i << 20, i) == HT_NEW);
        }
    for (uint64_t b = 0; keys < least; b++, keys++)
        CHECK(put(t, b | b << 40, b) == HT_NEW);
    CHECK(reserve(t, 0) && t->core.store.count == COUNT && !t->behind);
    CHECK(del(t, 0) && t->behind);
    tick(t, 0);
    CHECK(t->core.store.count == COUNT - MERGE_MOST);
    hold(t);
    tick(t, UINT64_MAX);
    CHECK(t->core.store.count == COUNT - MERGE_MOST && t->behind);
    t->holding = false;
    tick(t, 1);
    CHECK(t->core.store.count == COUNT - 2 * MERGE_MOST);
    ht_mem_fail(&mem, HT_FAIL_FOREVER, 1);
    tick(t, UINT64_MAX);
    CHECK(t->core.store.count == COUNT - 2 * MERGE_MOST && t->debt && !t->behind);
    t->debt = false; /* as if nothing had been refused */
    t->behind = true;
    for (uint64_t nth = 1; t->behind || t->debt; nth = nth % 40 + 1) {
        bool debt = t->debt;
        struct ht_stats s;
        tick(t, 0);
        CHECK(t->debt == debt);
        ht_mem_fail(&mem, HT_FAIL_ONCE, nth);
        tick(t, 2);
        ht_mem_fail(&mem, HT_FAIL_NEVER, 0);
        stats(t, &s);
        CHECK(s.held == mem.live && !check(t));
    }
    CHECK(mem.refused > 3);
    CHECK(t->core.tree.count >= (full - 2) * BUCKET_SLOTS);
    destroy(t);
    CHECK(mem.live == 0);
}

/* What a hold keeps of the tree makes room for buckets, a bounded number of nodes a put. */
static void spares_by_splits(void)
{
    const size_t most = (size_t)SEGMENT_MOST * BUCKET_BYTES / sizeof(struct node) + 1;
    struct ht_mem mem;
    struct ht_config config = {.seed = 1};
    ht_mem_init(&mem);
    struct ht *t = create(&mem, &config);
    CHECK(t);
    for (uint64_t i = 0; i < MANY; i++)
        CHECK(put(t, i << 16, i) == HT_NEW);
    hold(t);
    for (uint64_t i = 0; i < MANY; i++)
        CHECK(del(t, i << 16));
    CHECK(t->core.tree.spares >= MANY - 2 * BUCKET_SLOTS);
    for (uint64_t i = 1; t->core.tree.spares; i++) {
        size_t spares = t->core.tree.spares;
        CHECK(i < UINT64_C(2) * MANY && put(t, i | i << 40, i) == HT_NEW);
        CHECK(t->core.tree.spares + most >= spares);
    }
    destroy(t);
    CHECK(mem.live == 0);
}

/* Refused, and not wrapped: the third times 16 is 0. */
static void wish_beyond_memory(void)
{
    static const uint64_t wishes[] = {UINT64_MAX, UINT64_MAX / 16, UINT64_C(1) << 60,
                                      UINT64_C(1) << 50};
    struct ht_mem mem;
    struct ht_config config = {.seed = 1};
    ht_mem_init(&mem);
    struct ht *t = create(&mem, &config);
    CHECK(t && put(t, 1, 2) == HT_NEW);
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        size_t held = mem.live;
        uint64_t refused = mem.refused;
        CHECK(!reserve(t, wishes[i]));
        CHECK(mem.refused > refused && mem.live == held && t->reserved == 0);
    }
    destroy(t);
    CHECK(mem.live == 0);
}

/* What was found by reasoning, each a promise broken before: nodes beside buckets that a hold keeps,
 * spare nodes beside buckets that grow, room reserved for what hangs in the tree, a tree of
 * which nothing is retained, and a merge that is taken back. */
static void replay_found(void)
{
    struct trace trace = {0};
    for (unsigned way = 0; way < 2; way++) { /* keys that spread, then alike ones, or the reverse */
        trace_append(&trace, (struct ht_op){0, HT_CLEAR});
        for (uint64_t i = 1; i <= 100; i++)
            trace_append(&trace, (struct ht_op){way ? i << 20 : i, HT_PUT});
        trace_append(&trace, (struct ht_op){0, HT_HOLD});
        for (uint64_t i = 1; i <= 100; i++)
            trace_append(&trace, (struct ht_op){way ? i << 20 : i, HT_DEL});
        for (uint64_t i = 1; i <= 100; i++)
            trace_append(&trace, (struct ht_op){way ? i : i << 20, HT_PUT});
        trace_append(&trace, (struct ht_op){0, HT_RESUME});
    }
    for (unsigned held = 0; held < 2; held++) {
        trace_append(&trace, (struct ht_op){0, HT_CLEAR});
        for (uint64_t i = 1; i <= 1000; i++)
            trace_append(&trace, (struct ht_op){i << 20, HT_PUT});
        trace_append(&trace, (struct ht_op){0, held ? HT_HOLD : HT_TICK});
        trace_append(&trace, (struct ht_op){1, HT_RESERVE});
        trace_append(&trace, (struct ht_op){1000000007, HT_RETAIN});
        trace_append(&trace, (struct ht_op){0, HT_RESUME});
    }
    struct replay_options options = test_options(&ht_table_weak);
    struct replay_result result;
    if (!replay_trace(&options, trace.ops, trace.n, &result))
        test_fail(&options, &trace, &result, "found by reasoning");
    trace_free(&trace);
    trace_append(&trace, (struct ht_op){35, HT_RESERVE});
    for (uint64_t i = 0; i < 26; i++) {
        uint64_t key = i < 16   ? UINT64_C(1) << 40
                       : i < 24 ? 4 | UINT64_C(1) << 40
                                : 2 | UINT64_C(2) << 40;
        trace_append(&trace, (struct ht_op){key | i << 16, HT_PUT});
    }
    trace_append(&trace, (struct ht_op){0, HT_RESERVE});
    trace_append(&trace, (struct ht_op){2 | UINT64_C(2) << 40 | 25 << 16, HT_DEL});
    options.fail = HT_FAIL_ONCE;
    for (options.fail_nth = 1; options.fail_nth < 60; options.fail_nth++)
        if (!replay_trace(&options, trace.ops, trace.n, &result))
            test_fail(&options, &trace, &result, "found by reasoning, starved");
    trace_free(&trace);
}

/* A floor is taken back, and three full buckets have all their entries from one another: the last
 * merges with nodes, and memory is refused at any call from then on. Where a release is not done
 * whole or not at all, the nodes and the buckets are held together. */
static void refused_in_release(uint64_t floor)
{
    struct replay_options options = test_options(&ht_table_weak);
    struct replay_result result;
    struct trace trace = {0};
    uint64_t last = buckets_for((size_t)floor) - 1;
    uint64_t full[] = {last, last - 1, buddy_of((size_t)last)};
    trace_append(&trace, (struct ht_op){floor, HT_RESERVE});
    for (uint64_t i = 0; i / 3 < BUCKET_SLOTS; i++)
        trace_append(&trace,
                     (struct ht_op){full[i % 3] | full[(i + 1) % 3] << 40 | i << 16, HT_PUT});
    trace_append(&trace, (struct ht_op){0, HT_RESERVE});
    trace_append(&trace, (struct ht_op){1, HT_TICK});
    for (int fail = HT_FAIL_ONCE; fail <= HT_FAIL_FOREVER; fail++)
        for (options.fail = (enum ht_fail)fail, options.fail_nth = 1; options.fail_nth < 80;
             options.fail_nth++)
            if (!replay_trace(&options, trace.ops, trace.n, &result))
                test_fail(&options, &trace, &result, "refused in the middle of a release");
    trace_free(&trace);
}

/* The last bucket and its buddy are full of entries that have no other bucket, and there are as many
 * entries as so many buckets are kept for. When one goes, the last merges with nodes, and its memory
 * goes back: refused at any call, all answers and promises hold. */
static void refused_in_erase(size_t count)
{
    struct replay_options options = test_options(&ht_table_weak);
    struct replay_result result;
    struct trace trace = {0};
    uint64_t last = count - 1, buddy = buddy_of(last), key = 0;
    size_t keys = 0;
    trace_append(&trace, (struct ht_op){entries_in(count, FULL_FEW, FULL_MANY), HT_RESERVE});
    for (; keys < (size_t)2 * BUCKET_SLOTS; keys++) {
        uint64_t b = keys % 2 ? last : buddy;
        trace_append(&trace, (struct ht_op){b | b << 40 | keys << 16, HT_PUT});
    }
    for (uint64_t b = 0; keys < fewest_of(count); b = (b + 1) % last) {
        if (b == buddy)
            continue;
        key = b | b << 40 | keys++ << 16;
        trace_append(&trace, (struct ht_op){key, HT_PUT});
    }
    trace_append(&trace, (struct ht_op){0, HT_RESERVE});
    trace_append(&trace, (struct ht_op){key, HT_DEL});
    CHECK(replay_trace(&options, trace.ops, trace.n - 1, &result));
    uint64_t before = result.allocations;
    CHECK(replay_trace(&options, trace.ops, trace.n, &result));
    CHECK(result.allocations >= before + BUCKET_SLOTS);
    for (int fail = HT_FAIL_ONCE; fail <= HT_FAIL_FOREVER; fail++)
        for (options.fail = (enum ht_fail)fail, options.fail_nth = 1; options.fail_nth < 40;
             options.fail_nth++)
            if (!replay_trace(&options, trace.ops, trace.n, &result))
                test_fail(&options, &trace, &result, "refused in an erase");
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
        if (weakness == PLAIN) {
            replay_found();
            for (uint64_t floor = 10; buckets_for(floor) <= REFUSED_MOST; floor += 1 + floor / 4)
                if (buckets_for(floor) > 3)
                    refused_in_release(floor);
            for (size_t count = 3; count < 16; count++)
                if (fewest_of(count) > (size_t)2 * BUCKET_SLOTS)
                    refused_in_erase(count);
            merges_by_moments();
            spares_by_splits();
        }
        if (weakness == PLAIN && BUCKET_SLOTS == 8)
            promise_is_used();
    }
    wish_beyond_memory();
    return 0;
}
