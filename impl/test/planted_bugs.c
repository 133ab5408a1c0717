/* The harness finds every planted bug, by the oracle meant for it, in random
 * traces, and its minimised trace is short.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "test.h"

enum { SEEDS = 2000, STEPS = 400, SHORT = 120 };

/* A planted leak leaks: that is for the harness to see, not for the sanitizer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* Every other trace has puts and dels alone, so that tables stay large. */
static bool find(const struct replay_options *options, uint64_t seed, struct trace *trace,
                 struct replay_result *result)
{
    *trace = test_random_trace(seed, STEPS, 200, options->table->traits & HT_ORDERED);
    for (size_t i = 0; seed % 2 && i < trace->n; i++)
        if (trace->ops[i].kind > HT_DEL)
            trace->ops[i].kind = HT_PUT;
    return !replay_trace(options, trace->ops, trace->n, result);
}

static void hunt(const struct planted *p)
{
    struct replay_options options = test_options(p->table);
    struct replay_result result;
    struct trace trace;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        if (p->starved) {
            options.fail = HT_FAIL_ONCE;
            options.fail_nth = seed % 12 + 2;
        }
        if (!find(&options, seed, &trace, &result) || !strstr(result.what, p->seen_as)) {
            trace_free(&trace);
            continue;
        }
        minimise(&options, &trace, 2000);
        (void)printf("%-18s seen after %llu traces as \"%s\", minimised to %zu steps\n",
                     p->table->strategy, (unsigned long long)seed + 1, result.what, trace.n);
        CHECK(trace.n > 0 && trace.n <= SHORT);
        CHECK(!replay_trace(&options, trace.ops, trace.n, &result));
        trace_free(&trace);
        return;
    }
    (void)fprintf(stderr, "not found in %d traces: %s\n", SEEDS, p->bug);
    exit(1);
}

int main(void)
{
    for (size_t i = 0; planteds[i]; i++)
        hunt(planteds[i]);
    return 0;
}
