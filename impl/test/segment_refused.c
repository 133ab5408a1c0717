/* Memory refused, or not to be released: in the middle of a merge or a release, before a
 * growth, between hold and resume, and where more is asked for than there is. segment/follow
 * loses nothing and keeps its promises; keys are chosen for their buckets.
 *
 * SPDX-License-Identifier: MIT */
#include "segment_weak.h"

TEST_WISHES_BEYOND_MEMORY

#ifdef HT_HARD
enum { REFUSED_MOST = 40 };
#else
enum { REFUSED_MOST = BLOCK_MOST };
#endif

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

/* As many entries as so many buckets are kept for, those of the last buckets and of their buddies full
 * and each with this bucket alone; when one more goes, an idle moment merges so many buckets only, and a
 * refusal loses nothing. */
static void merges_by_moments(void)
{
    enum { ROUND = BUCKET_SLOTS < 8 ? 64 : 1024, COUNT = 2 * ROUND - 1 };
    struct ht_mem mem;
    struct ht *t = start(&mem);
    size_t least = fewest_of(COUNT), full = least / (2 * (size_t)BUCKET_SLOTS), keys = 0;
    CHECK(reserve(t, entries_in(COUNT, FULL_FEW, FULL_MANY)));
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
    struct ht *t = start(&mem);
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

/* Where growing was refused there are fewer buckets than are right for what lives: new storage, asked
 * for with no floor, has no more of them. */
static void no_more_buckets(void)
{
    bool (*const ways[])(struct ht *) = {compact, copy, rebuild_copy};
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        struct ht_mem mem;
        struct ht *t = start(&mem);
        uint64_t i = 0;
        for (; i < MANY; i++)
            CHECK(put(t, ht_mix(i), i) == HT_NEW);
        ht_mem_fail(&mem, HT_FAIL_FOREVER, 1);
        for (; i < MANY + MANY / 8; i++)
            (void)put(t, ht_mix(i), i);
        ht_mem_fail(&mem, HT_FAIL_NEVER, 0);
        size_t buckets = t->core.store.count, live = t->core.live;
        CHECK(mem.refused && buckets_for(live) > buckets);
        CHECK(ways[way](t) && t->core.store.count <= buckets && t->core.live == live && !check(t));
        destroy(t);
        CHECK(mem.live == 0);
    }
}

/* Refused, and not wrapped: the third times 16 is 0. */
static void wish_beyond_memory(void)
{
    static const uint64_t wishes[] = {UINT64_MAX, UINT64_MAX / 16, UINT64_C(1) << 60,
                                      UINT64_C(1) << 50};
    struct ht_mem mem;
    struct ht *t = start(&mem);
    CHECK(put(t, 1, 2) == HT_NEW);
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        size_t held = mem.live;
        uint64_t refused = mem.refused;
        CHECK(!reserve(t, wishes[i]));
        CHECK(mem.refused > refused && mem.live == held && t->reserved == 0);
    }
    destroy(t);
    CHECK(mem.live == 0);
}

int main(void)
{
    weakness = PLAIN;
    replay_found();
    for (uint64_t floor = 10; buckets_for(floor) <= REFUSED_MOST; floor += 1 + floor / 4)
        if (buckets_for(floor) > 3)
            refused_in_release(floor);
    for (size_t count = 3; count < 16; count++)
        if (fewest_of(count) > (size_t)2 * BUCKET_SLOTS)
            refused_in_erase(count);
    merges_by_moments();
    spares_by_splits();
    weakness = SOUND;
    no_more_buckets();
    wish_beyond_memory();
    return 0;
}
