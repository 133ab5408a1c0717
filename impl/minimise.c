/* Makes a failing trace small; see minimise.h.
 *
 * SPDX-License-Identifier: MIT */
#include "minimise.h"

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS_A_REPLAY = 5, SECONDS_IN_ALL = 60 };

/* Does the trace still fail, by a wrong answer or a crash? */
static bool fails(const struct replay_options *options, const struct ht_op *ops, size_t n)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        (void)dup2(null, STDERR_FILENO);
        (void)alarm(SECONDS_A_REPLAY);
        struct replay_result result;
        _exit(replay_trace(options, ops, n, &result) ? 0 : 1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) != 0 : WTERMSIG(status) != SIGALRM;
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
