/* The known traps, in figures: which table falls into each, and which does not.
 *
 * Normal sizes only.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"
#include "workload.h"

enum { MILLION = 1000000 };

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

/* Replays workload NAME of size n on a table, up to `steps` steps. */
static struct replay_result replay_on(const char *table, unsigned profile, const char *name,
                                      uint64_t n, uint64_t steps)
{
    unsigned variant;
    struct trace trace = {0};
    struct replay_result result;
    const struct workload *w = workload_find(name, &variant);
    struct replay_options options = test_options(ht_find_table(table));
    CHECK(w && options.table);
    options.check = REPLAY_BLOCKS;
    options.config.profile = profile;
    (void)workload_generate(w, variant, n, 1, KEYS_RANDOM, append, &trace);
    if (steps > trace.n)
        steps = trace.n;
    CHECK(replay_trace(&options, trace.ops, (size_t)steps, &result));
    trace_free(&trace);
    return result;
}

static struct replay_result replay_whole(const char *table, const char *name)
{
    return replay_on(table, CPYTHON_DEFAULT, name, MILLION, UINT64_MAX);
}

static unsigned profile_of(const char *version)
{
    int found = cpython_find(version);
    CHECK(found >= 0);
    return (unsigned)found;
}

/* CPython: a drained dict frees nothing until 398,102 more pairs have passed:
 * 1,398,101 log positions, less the 10^6 used up, and one more. */
static void drained(void)
{
    const uint64_t filled_and_drained = UINT64_C(2) * MILLION, pairs = 398102;
    unsigned profile = profile_of("3.7.4");
    struct replay_result before = replay_on("dict/cpython", profile, "trap_drained", MILLION,
                                            filled_and_drained + 2 * (pairs - 1));
    struct replay_result after =
        replay_on("dict/cpython", profile, "trap_drained", MILLION, filled_and_drained + 2 * pairs);
    CHECK(before.stats.live == 0 && before.stats.reported == 41943152);
    CHECK(after.stats.live == 0 && after.stats.reported == 248);

    /* 3.6 comes down by half only (bpo-33205). */
    after = replay_on("dict/cpython", profile_of("3.6.10"), "trap_drained", MILLION,
                      filled_and_drained + 2 * pairs);
    CHECK(after.stats.reported == 20971624);

    CHECK(replay_on("dict/shrink", CPYTHON_DEFAULT, "trap_drained", MILLION, filled_and_drained)
              .stats.held == 168);
    CHECK(replay_on("dict/drain_release", CPYTHON_DEFAULT, "trap_drained", MILLION,
                    filled_and_drained)
              .stats.held == 0);
}

/* CPython: copy() clones holes while two thirds of the log are live; dict() does not. */
static void clone(void)
{
    unsigned profile = profile_of("3.9");
    uint64_t copied = MILLION + MILLION * 33 / 100 + 1; /* puts, dels, and the copy */
    CHECK(replay_on("dict/cpython", profile, "trap_clone.copy", MILLION, copied).stats.reported ==
          41943136);
    CHECK(replay_on("dict/cpython", profile, "trap_clone.rebuild_copy", MILLION, copied)
              .stats.reported == 20971608);
    CHECK(replay_on("dict/compact_copy", profile, "trap_clone.copy", MILLION, copied)
              .stats.reported == 20971608);
    CHECK(replay_on("linear/tombstone", 0, "trap_clone.copy", MILLION, copied).stats.slots ==
          1u << 21);
    CHECK(replay_on("linear/compact_copy", 0, "trap_clone.copy", MILLION, copied).stats.slots ==
          1u << 20);
}

/* Dead slots double a table whose live count is constant; closing the hole does not. */
static void creep(void)
{
    CHECK(replay_whole("linear/tombstone", "trap_creep").stats.slots == 1u << 21);
    CHECK(replay_whole("linear_shift/tombstone", "trap_creep").stats.slots == 1u << 20);
    CHECK(replay_whole("group/tombstone", "trap_creep").stats.slots == 13u << 16);
}

/* Below four live entries Ruby keeps everything for ever. */
static void few_live(void)
{
    CHECK(replay_whole("dict/shrink", "trap_few_live").stats.held == 168);
    CHECK(replay_whole("linear/shrink", "trap_few_live").stats.held == 136);
    CHECK(replay_whole("linear_shift/shrink", "trap_few_live").stats.held == 136);
    CHECK(replay_whole("group/shrink", "trap_few_live").stats.held == 16 + 13 * 16);
    CHECK(replay_whole("dict/cpython", "trap_few_live").stats.held == 296); /* 16 slots for 3 * 3 */
    CHECK(replay_whole("linear_shift/tombstone", "trap_few_live").stats.held == 17u << 21);
}

/* Landing at load 1.0, the next put would grow again: alternating puts and dels
 * at a power of two must not rebuild for ever. */
static void threshold(void)
{
    static const char *const tables[] = {"dict/shrink", "linear/shrink", "linear_shift/shrink",
                                         "group/shrink"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct replay_result fallen =
            replay_on(tables[i], CPYTHON_DEFAULT, "trap_threshold", MILLION, 2 * MILLION - 65536);
        CHECK(fallen.stats.live == 65536);
        struct replay_result all = replay_whole(tables[i], "trap_threshold");
        CHECK(all.stats.rebuilds == fallen.stats.rebuilds);
    }
}

/* After one spike, clear and scan stay O(capacity) where the slots stay. */
static void hollow(void)
{
    CHECK(replay_whole("linear/tombstone", "trap_clear").stats.visited == 51 * (UINT64_C(1) << 21));
    CHECK(replay_whole("linear/static_empty", "trap_clear").stats.visited == 0);
    CHECK(replay_whole("linear/tombstone", "trap_hollow").stats.visited ==
          20 * (UINT64_C(1) << 21));
    CHECK(replay_whole("linear/shrink", "trap_hollow").stats.visited <= UINT64_C(160000));
}

int main(void)
{
    drained();
    clone();
    creep();
    few_live();
    threshold();
    hollow();
    return 0;
}
