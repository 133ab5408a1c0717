/* ebb explore: tries every operation in every state that tables can reach.
 *
 * SPDX-License-Identifier: MIT */
#include "explore.h"

#include "cpython_profile.h"
#include "hash.h"
#include "say.h"
#include "trace.h"
#include "verb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 4, STATES = 10000000 }; /* of some 300 bytes each, with the ways between them */

struct job {
    struct explore_options options;
    bool progress; /* a line of it is on the terminal */
};

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void show_progress(void *arg, const struct explore_result *r)
{
    struct job *job = arg;
    if (!isatty(STDERR_FILENO))
        return;
    job->progress = true;
    (void)fprintf(stderr, "\r%s: %" PRIu64 " states, %" PRIu64 " transitions, depth %u ",
                  job->options.table->name, r->states, r->transitions, r->depth);
}

static void print_result(const struct job *job, const struct explore_result *r, double seconds)
{
    (void)printf("%-26s %5u %-8s %11" PRIu64 " %13" PRIu64 " %12" PRIu64 " %6u %9" PRId64
                 " %9.2f  %s\n",
                 job->options.table->name, job->options.keys,
                 ht_hash_names[job->options.config.seed >> HT_HASH_SHIFT], r->states,
                 r->transitions, r->starved, r->depth, r->overdrawn, seconds,
                 r->failed   ? "WRONG"
                 : r->closed ? "closed"
                             : "not closed: a limit was met");
    (void)fflush(stdout);
}

/* A trace for `ebb replay`, but for failing allocations, which are comments. */
static void print_trace(const struct explore_result *r)
{
    for (unsigned i = 0; i < r->length; i++) {
        const struct explore_step *s = &r->trace[i];
        (void)printf("%s", trace_kind_name(s->op.kind));
        if (trace_kind_takes(s->op.kind))
            (void)printf(" %" PRIu64, s->op.key);
        if (s->op.kind == HT_PUT)
            (void)printf(" # value %u", i);
        if (s->fail != HT_FAIL_NEVER)
            (void)printf(" # allocation %u of this step fails%s", s->nth,
                         s->fail == HT_FAIL_ONCE ? "" : ", and all that follow");
        (void)putchar('\n');
    }
    (void)printf("# %s\n", r->what);
}

static int explore_one(struct job *job)
{
    struct explore_result result;
    double start = now();
    bool right = explore(&job->options, &result);
    if (job->progress)
        (void)fprintf(stderr, "\r\033[K");
    print_result(job, &result, now() - start);
    if (right)
        return EBB_OK;
    print_trace(&result);
    (void)say("%s: %s (the %u steps are above)", job->options.table->name, result.what,
              result.length);
    return EBB_WRONG;
}

static int explore_all(struct job *job, const char *glob)
{
    int status = EBB_OK;
    size_t matches = 0;
    for (size_t i = 0; ht_tables[i]; i++)
        matches += ht_tables[i]->image && ht_glob(glob, ht_tables[i]->name);
    if (matches == 0)
        return say("no table '%s' tells its image (known: %s)", glob, known_tables());
#ifndef HT_HARD
    (void)printf(
        "# Normal sizes: from 8 slots on. The hard build has the rare paths at fewer keys.\n");
#endif
    (void)printf("%-26s %5s %-8s %11s %13s %12s %6s %9s %9s\n", "table", "keys", "hash", "states",
                 "transitions", "starved", "depth", "overdrawn", "seconds");
    for (size_t i = 0; ht_tables[i]; i++) {
        if (!ht_tables[i]->image || !ht_glob(glob, ht_tables[i]->name))
            continue;
        job->options.table = ht_tables[i];
        job->progress = false;
        if (explore_one(job) != EBB_OK)
            status = EBB_WRONG;
    }
    return status;
}

static int run(int argc, char **argv)
{
    struct args args;
    struct job job = {.options = {.config = {.seed = 1, .profile = CPYTHON_DEFAULT}}};
    uint64_t keys = KEYS, depth = EXPLORE_DEPTH;
    job.options.states = STATES;
    job.options.progress = show_progress;
    job.options.arg = &job;
    if (!args_parse(&args, argc, argv, "table keys operations depth states seed hash cpython",
                    "") ||
        !args_number(&args, "keys", 1, EXPLORE_KEYS, &keys) ||
        !args_number(&args, "depth", 1, EXPLORE_DEPTH, &depth) ||
        !args_number(&args, "states", 1, UINT32_MAX / 2, &job.options.states) ||
        !args_seed(&args, &job.options.config.seed) ||
        !args_cpython(&args, &job.options.config.profile))
        return EBB_USAGE;
    if (args.count)
        return say("explore: takes no argument, got '%s'", args.words[0]);
    job.options.keys = (unsigned)keys;
    job.options.depth = (unsigned)depth;
    const char *operations = args_get(&args, "operations"), *glob = args_get(&args, "table");
    job.options.all = !operations || strcmp(operations, "all") == 0;
    if (!job.options.all && strcmp(operations, "basic") != 0)
        return say("--operations %s: unknown (known: basic all)", operations);
    return explore_all(&job, glob ? glob : args_get(&args, "cpython") ? "dict/cpython" : "*");
}

const struct verb verb_explore = {
    .name = "explore",
    .arguments = "[OPTION ...]",
    .summary = "try every operation in every state that a table can reach with a few keys",
    .help =
        "  --table GLOB       which tables (default: all; dict/cpython with --cpython)\n"
        "  --keys K           keys 0 to K - 1 (default 4, at most 16)\n"
        "  --operations all   put del clear compact copy rebuild_copy pop retain reserve hold\n"
        "                     resume tick, and each with each allocation failing; the default\n"
        "  --operations basic without reserve, hold, resume and tick\n"
        "  --depth D          no more than D steps from the start (default and most 250)\n"
        "  --states MAX       stop a table's search there (default 10000000, which take 3 GB)\n"
        "  --seed S           of the hash (default 1). It decides which keys collide: with 1, keys "
        "0\n"
        "                     to 7 have homes 3 0 2 6 1 5 1 4 in 8 slots of a linear table; with\n"
        "                     192817, keys 0 to 2 all have home 7\n"
        "  --hash PROFILE     good (the default), identity, two, constant or few-bits values\n"
        "  --cpython VERSION  profile of dict: 3.6 to 3.13, e.g. 3.7.3 (the default), 3.11\n"
        "\n"
        "A search that ends before its limits is closed: no operation leads anywhere else.\n"
        "Meant for the hard build, whose tables begin at 2 and 4 slots. On a violation the\n"
        "shortest trace that shows it is printed, and the exit status is 1.\n",
    .run = run,
};
