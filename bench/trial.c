/* A trial in a process of its own; see trial.h.
 *
 * SPDX-License-Identifier: MIT */
#include "trial.h"

#include "check.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* If memory runs out, the kernel is to choose the child. */
static void offer_to_be_killed(void)
{
    FILE *file = fopen("/proc/self/oom_score_adj", "w");
    if (!file)
        return;
    (void)fputs("1000", file);
    (void)fclose(file);
}

/* A peer that takes longer for one replay, of CPU time, would hold up a run for the better part of
 * an hour: lua_table takes four minutes to make 100,000 tables, each with a state of its own. */
enum { TRIAL_SECONDS = 60 };

static void stop_in_time(void)
{
    const struct rlimit limit = {TRIAL_SECONDS, TRIAL_SECONDS + 1};
    (void)setrlimit(RLIMIT_CPU, &limit);
}

/* The child's part: the arm's own words for what is wrong go through the pipe. */
__attribute__((noreturn)) static void try_it(const struct arm *arm, const struct cell *cell,
                                             const struct ht_op *ops, int out)
{
    static struct arm copy; /* its points are large */
    copy = *arm;
    offer_to_be_killed();
    stop_in_time();
    arm_run(&copy, cell, ops, 0);
    size_t length = strlen(copy.error);
    _exit(write(out, copy.error, length) == (ssize_t)length ? 0 : 1);
}

static void name_trace(char *out, size_t room, const struct cell *c)
{
    if (c->workload)
        (void)snprintf(out, room, "ebb gen %s --n %" PRIu64 " --seed %" PRIu64, c->title, c->n,
                       c->seed);
    else
        (void)snprintf(out, room, "%s", c->title);
}

bool trial_passes(struct arm *arm, const struct cell *cell, const struct ht_op *ops)
{
    int ends[2], status;
    char trace[160];
    if (!ht_is_peer(arm->table) || (arm->table->traits & HT_THREADS))
        return true;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        try_it(arm, cell, ops, ends[1]);
    (void)close(ends[1]);
    ssize_t got = read(ends[0], arm->error, sizeof arm->error - 1);
    arm->error[got > 0 ? got : 0] = '\0';
    (void)close(ends[0]);
    CHECK(waitpid(child, &status, 0) == child);
    name_trace(trace, sizeof trace, cell);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        (void)snprintf(arm->error, sizeof arm->error, "took more than %d s on: %s", TRIAL_SECONDS,
                       trace);
    else if (WIFSIGNALED(status))
        (void)snprintf(arm->error, sizeof arm->error, "killed by signal %d (%s) on: %s",
                       WTERMSIG(status), strsignal(WTERMSIG(status)), trace);
    else if (WEXITSTATUS(status))
        (void)snprintf(arm->error, sizeof arm->error, "ended with status %d on: %s",
                       WEXITSTATUS(status), trace);
    return arm->error[0] == '\0';
}
