/* Every allocation of short traces fails, once and from then on: a failed step
 * leaves everything as it was, and nothing leaks.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

enum { SEEDS = 100, PEER_SEEDS = 20, STEPS = 120 };

static void starve(const struct ht_table *t, uint64_t seed, enum ht_fail fail)
{
    struct replay_options options = test_options(t);
    options.config.profile = (unsigned)(seed % cpython_profile_count);
    options.fail = fail;
    struct trace trace = test_random_trace(seed, STEPS, seed % 2 ? 12 : 60, t->traits & HT_ORDERED);
    struct replay_result result = {.refused = 1};
    for (options.fail_nth = 1; result.refused; options.fail_nth++)
        if (!replay_trace(&options, trace.ops, trace.n, &result))
            test_fail(&options, &trace, &result, "starved of memory");
    CHECK(options.fail_nth > 2); /* something was there to fail */
    trace_free(&trace);
}

int main(void)
{
    FOR_EACH_TABLE(t)
    {
        uint64_t seeds = t->traits & HT_NEEDS_MEMORY ? 0 : ht_is_peer(t) ? PEER_SEEDS : SEEDS;
        for (uint64_t seed = 0; seed < seeds; seed++) {
            starve(t, seed, HT_FAIL_ONCE);
            starve(t, seed, HT_FAIL_FOREVER);
        }
    }
    return 0;
}
