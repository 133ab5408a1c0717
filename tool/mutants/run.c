/* Kills mutants: ebb_mutants CORPUS TRACE [TEST ...] <NUMBERS
 *
 * Without a mutant, the recorded TRACE and every input of the corpus is replayed on every table, by steps,
 * by steps with failing allocations, and by the table's own loop; what each run
 * reaches is noted, and its digest. Then each mutant in turn runs in a child what
 * reaches it, until something notices:
 *
 *   replay   a wrong answer, count, size, promise
 *   explore  every state of the tables that reach it, with few keys
 *   test     a test program fails (tables corrupted on purpose, geometry)
 *   record   the table's loop answers the recorded trace wrongly
 *   differ   only the digest is another: nothing is wrong, and something is not the same
 *
 * A line a mutant: number, TAB, stage or "survives", TAB, what noticed it. Runs that take
 * more than a few seconds of CPU are endless, which kills too.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "cpython_profile.h"
#include "digest.h"
#include "explore.h"
#include "mutants/switch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SECONDS_A_RUN = 1,
    SECONDS_A_RECORDING = 5,
    SECONDS_A_TEST = 15,
    SECONDS_AN_EXPLORATION = 10,
    CHILDREN = 2,
    KEYS = 3
};

/* Homes of keys 0 to 2 that collide, and that wrap (impl/test/explore.c). */
enum { SEEDS = 2 };
static const uint64_t seeds[SEEDS] = {192817, 39351};

enum how { STEPS, STARVED, LOOP, HOWS };

struct run {
    const struct corpus_input *in; /* NULL: an exploration, with seed number `how` */
    const struct ht_table *table;
    unsigned how;
    uint64_t digest;
    unsigned char reached[MUTANTS_MAX / 8]; /* a bit a mutant */
};

static struct run *runs;
static size_t run_count;

/* What a child tells its parent. */
struct verdict {
    char stage[16];
    char what[320];
};

static void limit_cpu(unsigned seconds)
{
    struct itimerval timer = {.it_value = {.tv_sec = seconds}};
    CHECK(setitimer(ITIMER_VIRTUAL, &timer, NULL) == 0);
}

/* Returns false when it is wrong; `what` says how. */
static bool carry_out(const struct run *run, uint64_t *digest, char *what, size_t room)
{
    if (!run->in) {
        struct explore_options options = {.table = run->table,
                                          .config = {seeds[run->how], CPYTHON_DEFAULT},
                                          .keys = KEYS,
                                          .all = true};
        static struct explore_result result;
        (void)explore(&options, &result);
        *digest = result.states << 32 ^ result.transitions;
        (void)snprintf(what, room, "%s", result.what);
        return !result.failed;
    }
    if (run->how == LOOP) {
        *digest = digest_loop(run->in, run->table);
        return true;
    }
    struct replay_result result;
    *digest = digest_steps(run->in, run->table, run->how == STARVED, &result);
    (void)snprintf(what, room, "%s", result.what);
    return !result.failed;
}

/* Without a mutant: its digest, and what it reaches. */
static void add_run(const struct corpus_input *in, const struct ht_table *table, unsigned how)
{
    char what[320];
    struct run *run = &runs[run_count++];
    *run = (struct run){.in = in, .table = table, .how = how};
    memset(mutant_reached, 0, sizeof mutant_reached);
    if (!carry_out(run, &run->digest, what, sizeof what)) {
        (void)fprintf(stderr, "without a mutant %s fails: %s\n", table->name, what);
        exit(1);
    }
    for (size_t i = 0; i < MUTANTS_MAX; i++)
        if (mutant_reached[i])
            run->reached[i / 8] |= (unsigned char)(1 << i % 8);
}

static struct corpus_input recording;

/* Last, since it is long. */
static void add_recording(const char *path)
{
    char error[400];
    recording = (struct corpus_input){.path = strdup(path),
                                      .options.config = {.seed = 1, .profile = CPYTHON_DEFAULT}};
    CHECK(recording.path && trace_load(&recording.trace, path, SIZE_MAX, error, sizeof error));
    for (size_t t = 0; ht_tables[t]; t++)
        if (ht_tables[t]->image)
            add_run(&recording, ht_tables[t], LOOP);
}

static void add_runs(const struct corpus *corpus)
{
    size_t tables = 0;
    while (ht_tables[tables])
        tables++;
    runs = calloc(tables + 1, (corpus->n * HOWS + SEEDS + 1) * sizeof *runs);
    CHECK(runs);
    for (size_t i = 0; i < corpus->n; i++)
        for (size_t t = 0; ht_tables[t]; t++)
            for (unsigned how = 0; ht_tables[t]->image && how < HOWS; how++)
                add_run(&corpus->inputs[i], ht_tables[t], how);
    for (size_t t = 0; ht_tables[t]; t++)
        for (unsigned i = 0; ht_tables[t]->image && i < SEEDS; i++)
            add_run(NULL, ht_tables[t], i);
}

static bool reaches(const struct run *run, unsigned mutant)
{
    return run->reached[mutant / 8] >> mutant % 8 & 1;
}

/* In a child: ends it when something notices the mutant. */
static void notice(struct verdict *v, const char *stage, const char *what)
{
    (void)snprintf(v->stage, sizeof v->stage, "%s", stage);
    (void)snprintf(v->what, sizeof v->what, "%s", what);
}

static void run_tests(struct verdict *v, char **tests)
{
    for (; *tests; tests++) {
        char what[320];
        (void)snprintf(what, sizeof what, "%s", strrchr(*tests, '/') + 1);
        notice(v, "test", what);
        limit_cpu(0);
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            limit_cpu(SECONDS_A_TEST);
            (void)execl(*tests, *tests, (char *)NULL);
            _exit(127);
        }
        int status;
        CHECK(waitpid(child, &status, 0) == child && status != 127 << 8);
        if (status)
            _exit(0);
    }
}

static void try_mutant(unsigned mutant, struct verdict *v, char **tests)
{
    char number[16], what[320], different[320] = "";
    uint64_t digest;
    (void)snprintf(number, sizeof number, "%u", mutant);
    (void)setenv("EBB_MUTANT", number, 1);
    mutant_on = mutant;
    for (size_t i = 0; i < run_count; i++) {
        const struct run *run = &runs[i];
        if (!reaches(run, mutant) || (run->in == &recording && *different))
            continue;
        notice(v, run->in ? "replay" : "explore", "");
        limit_cpu(run->in == &recording ? SECONDS_A_RECORDING
                  : run->in             ? SECONDS_A_RUN
                                        : SECONDS_AN_EXPLORATION);
        what[0] = '\0';
        if (!carry_out(run, &digest, what, sizeof what)) {
            notice(v, run->in ? "replay" : "explore", what);
            _exit(0);
        }
        if (digest != run->digest && !*different)
            (void)snprintf(different, sizeof different, "%s of %s on %s",
                           run->how == LOOP ? "the loop" : "the steps",
                           run->in ? strrchr(run->in->path, '/') + 1 : "the explorer",
                           run->table->name);
    }
    run_tests(v, tests);
    notice(v, *different ? "differ" : "survives", different);
    _exit(0);
}

static void report(unsigned mutant, const struct verdict *v, int status)
{
    if (WIFSIGNALED(status))
        (void)printf("%u\t%s\t%s\n", mutant, v->stage,
                     WTERMSIG(status) == SIGVTALRM ? "endless" : strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status))
        (void)printf("%u\t%s\tsanitizer\n", mutant, v->stage);
    else
        (void)printf("%u\t%s\t%s\n", mutant, v->stage, v->what);
    (void)fflush(stdout);
}

static void start(unsigned mutant, struct verdict *v, pid_t *child, char **tests)
{
    memset(v, 0, sizeof *v);
    *child = fork();
    CHECK(*child >= 0);
    if (*child)
        return;
    int null = open("/dev/null", O_WRONLY);
    (void)dup2(null, STDOUT_FILENO);
    (void)dup2(null, STDERR_FILENO);
    try_mutant(mutant, v, tests);
}

int main(int argc, char **argv)
{
    char error[400];
    struct corpus corpus;
    CHECK(argc >= 3);
    if (!corpus_load(&corpus, argv[1], error, sizeof error)) {
        (void)fprintf(stderr, "%s\n", error);
        return 2;
    }
    add_runs(&corpus);
    add_recording(argv[2]);
    struct verdict *verdicts = mmap(NULL, CHILDREN * sizeof *verdicts, PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(verdicts != MAP_FAILED);
    pid_t children[CHILDREN] = {0};
    unsigned mutants[CHILDREN] = {0}, running = 0;
    bool more = true;
    while (more || running) {
        for (int i = 0; i < CHILDREN && more; i++) {
            if (children[i])
                continue;
            char line[32];
            more = fgets(line, sizeof line, stdin) != NULL;
            if (!more)
                break;
            mutants[i] = (unsigned)strtoul(line, NULL, 10);
            CHECK(mutants[i] < MUTANTS_MAX);
            start(mutants[i], &verdicts[i], &children[i], argv + 3);
            running++;
        }
        if (!running)
            break;
        int status;
        pid_t done = waitpid(-1, &status, 0);
        for (int i = 0; i < CHILDREN; i++) {
            if (children[i] != done)
                continue;
            report(mutants[i], &verdicts[i], status);
            children[i] = 0;
            running--;
        }
    }
    return 0;
}
