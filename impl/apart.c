/* A replay in a process of its own; see apart.h.
 *
 * SPDX-License-Identifier: MIT */
#include "apart.h"

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void replay_in_child(const struct replay_options *options, const struct ht_op *ops, size_t n,
                            int to)
{
    struct replay_result result;
    int null = open("/dev/null", O_WRONLY);
    (void)dup2(null, STDERR_FILENO);
    (void)alarm(APART_SECONDS);
    (void)replay_trace(options, ops, n, &result);
    _exit(write(to, &result, sizeof result) == sizeof result ? 0 : 1);
}

static enum apart verdict(int status, bool complete, struct replay_result *result)
{
    if (complete && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return result->failed ? APART_WRONG : APART_RIGHT;
    bool late = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    *result = (struct replay_result){.failed = true};
    if (late)
        (void)snprintf(result->what, sizeof result->what, "it takes more than %d s", APART_SECONDS);
    else if (WIFSIGNALED(status))
        (void)snprintf(result->what, sizeof result->what, "it crashes: %s",
                       strsignal(WTERMSIG(status)));
    else
        (void)snprintf(result->what, sizeof result->what, "it crashes: exit status %d",
                       WEXITSTATUS(status));
    return late ? APART_TIMED_OUT : APART_CRASHED;
}

enum apart replay_apart(const struct replay_options *options, const struct ht_op *ops, size_t n,
                        struct replay_result *result)
{
    int ends[2], status;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        replay_in_child(options, ops, n, ends[1]);
    (void)close(ends[1]);
    bool complete = read(ends[0], result, sizeof *result) == sizeof *result;
    (void)close(ends[0]);
    CHECK(waitpid(child, &status, 0) == child);
    return verdict(status, complete, result);
}
