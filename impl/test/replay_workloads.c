/* Every workload at small sizes, on every table, against the model.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"
#include "workload.h"

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

static void replay_workload(const struct workload *w, unsigned variant, uint64_t n,
                            enum key_kind keys)
{
    struct trace trace = {0};
    char title[80];
    workload_title(w, variant, title, sizeof title);
    uint64_t mark = workload_generate(w, variant, n, 1, keys, append, &trace);
    CHECK(trace.n > 0 && mark <= trace.n);
    FOR_EACH_TABLE(t)
    {
        if (w->ordered && !(t->traits & HT_ORDERED))
            continue;
        struct replay_options options = test_options(t);
        struct replay_result result;
        if (!replay_trace(&options, trace.ops, trace.n, &result))
            test_fail(&options, &trace, &result, title);
    }
    trace_free(&trace);
}

int main(void)
{
    static const uint64_t sizes[] = {1, 2, 3, 10, 100, 1000};
    for (size_t i = 0; workloads[i]; i++)
        for (unsigned v = 0; v < workload_forms(workloads[i]); v++)
            for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
                replay_workload(workloads[i], v, sizes[s], (enum key_kind)(s % KEY_KINDS));
    return 0;
}
