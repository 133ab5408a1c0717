/* Makes a failing trace small; see minimise.h.
 *
 * SPDX-License-Identifier: MIT */
#include "minimise.h"

#include "apart.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECONDS_IN_ALL = 60 };

/* Does the trace still fail, by a wrong answer or a crash? */
static bool fails(const struct replay_options *options, const struct ht_op *ops, size_t n)
{
    struct replay_result result;
    enum apart how = replay_apart(options, ops, n, &result);
    return how == APART_WRONG || how == APART_CRASHED;
}

/* The trace without the `length` steps from `at`. */
static struct ht_op *without(const struct trace *t, size_t at, size_t length)
{
    struct ht_op *ops = malloc((t->n + 1) * sizeof *ops);
    CHECK(ops);
    memcpy(ops, t->ops, at * sizeof *ops);
    memcpy(ops + at, t->ops + at + length, (t->n - at - length) * sizeof *ops);
    return ops;
}

void minimise(const struct replay_options *options, struct trace *trace, unsigned budget)
{
    time_t start = time(NULL);
    for (size_t length = trace->n / 2; length > 0; length = length > 1 ? length / 2 : 0) {
        bool dropped = true;
        while (dropped) {
            dropped = false;
            for (size_t at = 0; at + length <= trace->n;) {
                if (budget-- == 0 || time(NULL) - start > SECONDS_IN_ALL)
                    return;
                struct ht_op *ops = without(trace, at, length);
                if (fails(options, ops, trace->n - length)) {
                    free(trace->ops);
                    trace->ops = ops;
                    trace->n -= length;
                    dropped = length == 1;
                } else {
                    free(ops);
                    at += length;
                }
            }
        }
    }
}
