/* The harness finds every planted bug, by the oracle meant for it, in random
 * traces; and what it minimises is short.
 *
 * usage: planted_bugs [--list | NAME ...]
 *
 * --list prints a line a bug: name, fuzz target, what must be said of it, where such a
 * bug was reported, what is wrong, separated by tabs.
 *
 * Smallest sizes only.
 *
 * SPDX-License-Identifier: MIT */
#include "planted.h"

#include "test.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEEDS = 20000, STEPS = 300, SHORT = 20, SECONDS_A_TRACE = 10 };

/* A planted leak leaks: that is for the harness to see, not for the sanitizer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:symbolize=0:quarantine_size_mb=8";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "symbolize=0";
}

/* How far a child has come, for its parent. */
struct progress {
    uint64_t seed;
    bool found;
    char what[320];
};

static bool is_target(const struct planted *p, const char *target)
{
    return p->target && strcmp(p->target, target) == 0;
}

static struct replay_options options_of(const struct planted *p, uint64_t seed)
{
    struct replay_options options = test_options(p->table);
    options.config.seed = seed / 4;
    if (is_target(p, "no_memory")) {
        options.fail = seed % 2 ? HT_FAIL_ONCE : HT_FAIL_FOREVER;
        options.fail_nth = seed / 2 % 16 + 2;
    }
    if (is_target(p, "hostile"))
        options.config.seed =
            ht_seed((enum ht_hash_profile)(1 + seed % (HT_HASH_PROFILES - 1)), seed);
    return options;
}

/* Up to a level, and then to and fro across it. */
static void make_sawtooth(struct trace *trace, uint64_t random)
{
    size_t level = random % 56 + 4, swing = random / 56 % 8 + 1;
    for (size_t i = 0; i < trace->n; i++) {
        size_t at = i < level ? i : (i - level) % (2 * swing);
        bool down = i >= level && at < swing;
        uint64_t key = i < level ? i : level - 1 - (down ? at : 2 * swing - 1 - at);
        trace->ops[i] = (struct ht_op){.kind = down ? HT_DEL : HT_PUT, .key = key};
    }
}

/* After a while, one step again and again. */
static void repeat_one(struct trace *trace, uint64_t random)
{
    size_t at = random % (trace->n / 4);
    for (size_t i = at + 1; i < trace->n; i++)
        trace->ops[i] = trace->ops[at];
}

/* Few keys or many; puts and dels alone, so that tables stay large; and patterns that
 * random steps hardly ever make. */
static struct trace trace_of(const struct planted *p, uint64_t seed)
{
    static const unsigned keys[] = {8, 24, 200};
    struct trace trace =
        test_random_trace(seed, STEPS, keys[seed % 3], p->table->traits & HT_ORDERED);
    if (seed % 16 == 6)
        make_sawtooth(&trace, ht_mix(seed));
    else if (seed % 16 == 4)
        repeat_one(&trace, ht_mix(seed));
    for (size_t i = 0; seed % 2 && i < trace.n; i++)
        if (trace.ops[i].kind > HT_DEL)
            trace.ops[i].kind = HT_PUT;
    return trace;
}

/* In a child, since tables may crash. */
static void search(const struct planted *p, struct progress *progress)
{
    int null = open("/dev/null", O_WRONLY);
    (void)dup2(null, STDERR_FILENO);
    for (; progress->seed < SEEDS && !progress->found; progress->seed++) {
        struct replay_options options = options_of(p, progress->seed);
        struct trace trace = trace_of(p, progress->seed);
        struct replay_result result;
        (void)alarm(SECONDS_A_TRACE);
        progress->found =
            !replay_trace(&options, trace.ops, trace.n, &result) && strstr(result.what, p->seen_as);
        (void)snprintf(progress->what, sizeof progress->what, "%s", result.what);
        trace_free(&trace);
    }
    _exit(0);
}

static bool hunt(const struct planted *p, struct progress *progress)
{
    *progress = (struct progress){0};
    while (!progress->found && progress->seed < SEEDS) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            search(p, progress);
        int status;
        CHECK(waitpid(child, &status, 0) == child);
        if (status == 0)
            continue;
        bool ended = !WIFSIGNALED(status) || WTERMSIG(status) != SIGALRM;
        progress->found = ended && strcmp(p->seen_as, SEEN_BY_SANITIZER) == 0;
        (void)snprintf(progress->what, sizeof progress->what, "the program is ended");
        progress->seed++;
    }
    if (!progress->found) {
        (void)fprintf(stderr, "%s: not seen as \"%s\" in %d traces: %s\n", p->table->name,
                      p->seen_as, SEEDS, p->bug);
        return false;
    }
    (void)printf("%-34s %4llu traces  %s\n", p->table->name, (unsigned long long)progress->seed,
                 progress->what);
    (void)fflush(stdout);
    return true;
}

/* A bug of two keys in one run and an erase is shown by a trace of few steps. */
static void minimise_one(const struct planted *p, uint64_t seed)
{
    struct replay_options options = options_of(p, seed);
    struct trace trace = trace_of(p, seed);
    struct replay_result result;
    minimise(&options, &trace, 2000);
    (void)printf("%-34s minimised to %zu steps\n", p->table->name, trace.n);
    CHECK(trace.n > 0 && trace.n <= SHORT);
    CHECK(!replay_trace(&options, trace.ops, trace.n, &result));
    trace_free(&trace);
}

static void list(void)
{
    for (size_t i = 0; planteds[i]; i++) {
        const struct planted *p = planteds[i];
        (void)printf("%s\t%s\t%s\t%s\t%s\n", p->table->strategy,
                     p->target ? p->target : "differential", p->seen_as,
                     p->reported ? p->reported : "-", p->bug);
    }
}

static bool is_wanted(const struct planted *p, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], p->table->strategy) == 0)
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        list();
        return 0;
    }
    struct progress *progress =
        mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(progress != MAP_FAILED);
    bool all = true;
    for (size_t i = 0; planteds[i]; i++) {
        if (!is_wanted(planteds[i], argc, argv))
            continue;
        bool found = hunt(planteds[i], progress);
        all &= found;
        if (found && strcmp(planteds[i]->table->strategy, "erase_frees") == 0)
            minimise_one(planteds[i], progress->seed - 1);
    }
    return all ? 0 : 1;
}
