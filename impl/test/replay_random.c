/* Every table against the model on random traces of all kinds of steps.
 *
 * usage: test_replay_random [FIRST_SEED [SEEDS]]
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

/* Peers are many, and nobody changes them here. */
enum { SEEDS = 1000, PEER_SHARE = 5 };

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : SEEDS;
    static const size_t steps[] = {40, 300, 2000};
    static const unsigned keys[] = {6, 40, 256};
    FOR_EACH_TABLE(t)
    {
        uint64_t count = ht_is_peer(t) ? seeds / PEER_SHARE : seeds;
        for (uint64_t seed = first; seed < first + count; seed++) {
            struct replay_options options = test_options(t);
            options.config.seed = seed;
            options.config.profile = (unsigned)(seed % cpython_profile_count);
            struct trace trace = test_random_trace(seed, steps[seed % 3], keys[seed / 3 % 3],
                                                   t->traits & HT_ORDERED);
            struct replay_result result;
            if (!replay_trace(&options, trace.ops, trace.n, &result))
                test_fail(&options, &trace, &result, "random trace");
            trace_free(&trace);
        }
    }
    return 0;
}
