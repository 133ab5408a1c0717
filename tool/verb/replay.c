/* ebb replay: replays a trace on tables and checks it.
 *
 * SPDX-License-Identifier: MIT */
#include "replay.h"

#include "cpython_profile.h"
#include "hash.h"
#include "minimise.h"
#include "say.h"
#include "verb.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A failing trace is minimised if its beginning, up to the failure, has at most
 * this many steps; each attempt costs a replay. */
enum { MINIMISE_STEPS = 2000000, MINIMISE_REPLAYS = 2000 };

struct job {
    const char *path;
    struct replay_options options;
    bool sizes;
    FILE *csv;
    const char *save;
    uint64_t progress; /* steps at the last line of progress */
};

/* ---- output --------------------------------------------------------------- */

static void print_heading(bool steps)
{
    (void)printf("%-26s %11s %9s %12s %12s %9s %9s %11s %8s %9s%s\n", "table", "steps", "live",
                 "bytes", "peak", "B/live", "rebuilds", "moved", "per step", "most",
                 steps ? "   bound used   longest step" : "");
}

static void print_result(const struct job *job, const struct replay_result *r)
{
    char per_live[24] = "-";
    if (r->stats.live)
        (void)snprintf(per_live, sizeof per_live, "%.1f",
                       (double)r->stats.held / (double)r->stats.live);
    (void)printf("%-26s %11llu %9zu %12zu %12zu %9s", job->options.table->name,
                 (unsigned long long)r->steps, r->stats.live, r->stats.held, r->held_peak,
                 per_live);
    if (ht_is_peer(job->options.table)) /* nobody counts what they move */
        (void)printf(" %9s %11s %8s %9s", "-", "-", "-", "-");
    else
        (void)printf(" %9llu %11llu %8.2f %9llu", (unsigned long long)r->stats.rebuilds,
                     (unsigned long long)r->stats.moved,
                     r->steps ? (double)r->stats.moved / (double)r->steps : 0,
                     (unsigned long long)r->stats.moved_most);
    if (job->options.check == REPLAY_STEPS) {
        char bound[24] = "-";
        if (job->options.table->promise)
            (void)snprintf(bound, sizeof bound, "%.1f%%", 100 * r->bound_used);
        (void)printf("   %10s   %.1f us (step %llu)", bound, (double)r->longest_ns / 1000,
                     (unsigned long long)r->longest_step);
    }
    if (r->refused)
        (void)printf("   (%llu allocations refused)", (unsigned long long)r->refused);
    (void)putchar('\n');
}

static void show_progress(struct job *job, uint64_t steps)
{
    if (!isatty(STDERR_FILENO) || steps - job->progress < 1000000)
        return;
    job->progress = steps;
    (void)fprintf(stderr, "\r%s: %llu steps ", job->options.table->name, (unsigned long long)steps);
}

static void end_progress(const struct job *job)
{
    if (job->progress)
        (void)fprintf(stderr, "\r\033[K");
}

/* One line of the CSV: after the step just replayed. */
static void write_row(const struct job *job, struct replay *r)
{
    const struct replay_result *so_far = replay_so_far(r);
    (void)fprintf(job->csv, "%s,%" PRIu64 ",%zu,%zu,%zu,%zu,%zu,%llu\n", job->options.table->name,
                  so_far->steps - 1, so_far->stats.live, so_far->stats.dead, so_far->stats.slots,
                  so_far->stats.held, so_far->stats.reported,
                  (unsigned long long)so_far->stats.moved);
}

/* ---- replaying ------------------------------------------------------------- */

/* Step by step, for output after the steps. */
static bool replay_watched(struct job *job, struct replay *r, const struct trace_block *block)
{
    struct ht_stats stats;
    size_t held = SIZE_MAX;
    for (size_t i = 0; i < block->n; i++) {
        if (!replay_steps(r, block->ops + i, 1, NULL))
            return false;
        replay_current(r, &stats);
        if (job->sizes)
            (void)printf("%" PRIu64 "\t%zu\n", block->first + i, stats.reported);
        if (job->csv && (stats.held != held || i + 1 == block->n))
            write_row(job, r);
        held = stats.held;
    }
    return true;
}

/* Does the trace hold a `pop`? -1: it cannot be read. */
static int has_pop(const char *path)
{
    char error[400];
    struct trace_reader *reader = trace_open(path, error, sizeof error);
    if (!reader)
        return -1;
    struct trace_block block;
    int found = 0;
    while (!found && trace_next(reader, &block) > 0)
        for (size_t i = 0; i < block.n; i++)
            found |= block.ops[i].kind == HT_POP;
    trace_close(reader);
    return found;
}

/* NULL, or why this table cannot replay the trace. */
static const char *unfit(const struct job *job, const struct ht_table *t)
{
    if ((t->traits & HT_SILENT) && job->options.check == REPLAY_STEPS)
        return "answers nothing that could be checked step by step";
    if (!(t->traits & HT_ORDERED) && strcmp(job->path, "-") != 0 && has_pop(job->path) > 0)
        return "keeps no order, and the trace has a `pop`";
    return NULL;
}

/* EBB_OK, EBB_WRONG (the table is) or EBB_USAGE (the trace is). */
static int replay_file(struct job *job, struct replay_result *result)
{
    char error[400];
    struct trace_reader *reader = trace_open(job->path, error, sizeof error);
    if (!reader)
        return say("%s", error);
    struct replay *r = replay_start(&job->options);
    struct trace_block block;
    int more;
    bool good = true;
    while (good && (more = trace_next(reader, &block)) > 0) {
        good = job->sizes || job->csv ? replay_watched(job, r, &block)
                                      : replay_steps(r, block.ops, block.n,
                                                     block.has_checksum ? &block.checksum : NULL);
        show_progress(job, block.first);
    }
    end_progress(job);
    replay_finish(r, result);
    int status = result->failed ? EBB_WRONG : EBB_OK;
    if (good && more < 0)
        status = say("%s", trace_error(reader));
    trace_close(reader);
    return status;
}

/* ---- a table that is wrong ---------------------------------------------------- */

/* What heads a saved trace: what was wrong before it was made short, and how to see it. */
static void write_words(const struct job *job, const struct replay_result *r, const char *path,
                        char *words, size_t room)
{
    const struct replay_options *o = &job->options;
    uint64_t seed = o->config.seed << 8 >> 8, hash = o->config.seed >> HT_HASH_SHIFT;
    const char *cpython = strcmp(o->table->name, "dict/cpython") == 0
                              ? cpython_profiles[o->config.profile].versions
                              : "";
    (void)snprintf(words, room, "%s: %s\n# ebb replay --table %s --seed %" PRIu64 "%s%s%s%.*s %s",
                   o->table->name, r->what, o->table->name, seed, hash ? " --hash " : "",
                   hash ? ht_hash_names[hash] : "", *cpython ? " --cpython " : "",
                   (int)strcspn(cpython, "-"), cpython, path);
}

static void save_minimised(const struct job *job, const struct replay_result *failure)
{
    char error[400], path[4096], words[5000];
    uint64_t failed_step = failure->failed_step;
    struct trace trace = {0};
    if (job->options.check != REPLAY_STEPS || failed_step >= MINIMISE_STEPS ||
        strcmp(job->path, "-") == 0 ||
        !trace_load(&trace, job->path, failed_step + 1, error, sizeof error)) {
        trace_free(&trace);
        return;
    }
    struct replay_options options = job->options;
    options.time_steps = false;
    minimise(&options, &trace, MINIMISE_REPLAYS);
    if (job->save) {
        (void)snprintf(path, sizeof path, "%s", job->save);
    } else {
        (void)snprintf(path, sizeof path, "failure-%s.trace", job->options.table->name);
        *strchr(path, '/') = '-';
    }
    write_words(job, failure, path, words, sizeof words);
    struct trace_writer *writer = trace_create(path, TRACE_TEXT, words);
    for (size_t i = 0; writer && i < trace.n; i++)
        trace_put(writer, trace.ops[i]);
    if (!writer)
        (void)say("%s: %s", path, strerror(errno));
    else if (!trace_finish(writer, error, sizeof error))
        (void)say("%s: %s", path, error);
    else
        (void)say("%zu steps that still fail are in %s", trace.n, path);
    trace_free(&trace);
}

static void report_failure(const struct job *job, const struct replay_result *r)
{
    if (r->failed_op.kind == HT_KINDS)
        (void)say("%s: %s: step %llu: %s%s", job->path, job->options.table->name,
                  (unsigned long long)r->failed_step, r->what,
                  job->options.check == REPLAY_BLOCKS ? "; --check steps finds the step" : "");
    else if (trace_kind_takes(r->failed_op.kind))
        (void)say("%s: %s: step %llu, %s %llu: %s", job->path, job->options.table->name,
                  (unsigned long long)r->failed_step, trace_kind_name(r->failed_op.kind),
                  (unsigned long long)r->failed_op.key, r->what);
    else
        (void)say("%s: %s: step %llu, %s: %s", job->path, job->options.table->name,
                  (unsigned long long)r->failed_step, trace_kind_name(r->failed_op.kind), r->what);
    save_minimised(job, r);
}

/* ---- the verb ------------------------------------------------------------- */

/* Text traces carry no checksums, so they are checked by steps unless told
 * otherwise; binary ones by blocks. -1: the file cannot be read. */
static int default_check(const char *path)
{
    char error[400];
    if (strcmp(path, "-") == 0)
        return REPLAY_STEPS;
    struct trace_reader *reader = trace_open(path, error, sizeof error);
    if (!reader) {
        (void)say("%s", error);
        return -1;
    }
    struct trace_block block;
    int more = trace_next(reader, &block);
    if (more < 0)
        (void)say("%s", trace_error(reader));
    int check = more > 0 && block.has_checksum ? REPLAY_BLOCKS : REPLAY_STEPS;
    trace_close(reader);
    return more < 0 ? -1 : check;
}

static int choose_check(const struct args *args, struct job *job)
{
    const char *wanted = args_get(args, "check");
    int check = wanted && strcmp(wanted, "steps") == 0    ? REPLAY_STEPS
                : wanted && strcmp(wanted, "blocks") == 0 ? REPLAY_BLOCKS
                                                          : default_check(job->path);
    if (wanted && strcmp(wanted, "steps") != 0 && strcmp(wanted, "blocks") != 0)
        return say("--check %s: unknown (known: steps blocks)", wanted);
    if (check < 0)
        return EBB_USAGE;
    if (job->sizes || args_get(args, "csv"))
        check = REPLAY_STEPS;
    job->options.check = (enum replay_check)check;
    job->options.time_steps = check == REPLAY_STEPS;
    return EBB_OK;
}

static int replay_all(struct job *job, const char *glob)
{
    int status = EBB_OK;
    size_t matches = 0;
    for (size_t i = 0; ht_tables[i]; i++)
        matches += !ht_tables[i]->absent && ht_glob(glob, ht_tables[i]->name);
    if (matches == 0)
        return say("unknown table '%s' (known: %s)", glob, known_tables());
    if (matches > 1 && strcmp(job->path, "-") == 0)
        return say("standard input can be replayed on one table only: choose one with --table");
    if (matches > 1 && job->sizes)
        return say("--sizes is for one table: choose one with --table");
    bool quiet = job->sizes || job->csv == stdout;
    if (!quiet)
        print_heading(job->options.check == REPLAY_STEPS);
    for (size_t i = 0; ht_tables[i] && status != EBB_USAGE; i++) {
        if (ht_tables[i]->absent || !ht_glob(glob, ht_tables[i]->name))
            continue;
        const char *why = unfit(job, ht_tables[i]);
        if (why && matches == 1)
            return say("%s: %s %s", job->path, ht_tables[i]->name, why);
        if (why) {
            if (!quiet)
                (void)printf("%-26s skipped: it %s\n", ht_tables[i]->name, why);
            continue;
        }
        job->options.table = ht_tables[i];
        job->progress = 0;
        struct replay_result result = {0};
        int one = replay_file(job, &result);
        if (one == EBB_OK && !quiet)
            print_result(job, &result);
        if (one == EBB_WRONG)
            report_failure(job, &result);
        if (one != EBB_OK)
            status = one;
    }
    return status;
}

static bool same_file(const char *a, const char *b)
{
    struct stat about_a, about_b;
    return stat(a, &about_a) == 0 && stat(b, &about_b) == 0 && about_a.st_dev == about_b.st_dev &&
           about_a.st_ino == about_b.st_ino;
}

static bool open_csv(struct job *job, const char *path)
{
    if (same_file(path, job->path)) {
        (void)say("--csv %s: that is the trace", path);
        return false;
    }
    job->csv = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (!job->csv) {
        (void)say("%s: %s", path, strerror(errno));
        return false;
    }
    (void)fputs("table,step,live,dead,slots,held,reported,moved\n", job->csv);
    return true;
}

static int run(int argc, char **argv)
{
    struct args args;
    struct job job = {.options.config.seed = 1, .options.config.profile = CPYTHON_DEFAULT};
    if (!args_parse(&args, argc, argv, "table csv check cpython seed hash save", "sizes") ||
        !args_seed(&args, &job.options.config.seed) ||
        !args_cpython(&args, &job.options.config.profile))
        return EBB_USAGE;
    if (args.count != 1)
        return say("replay: name one trace, or - for standard input");
    job.path = args.words[0];
    job.sizes = args_get(&args, "sizes") != NULL;
    job.save = args_get(&args, "save");
    const char *glob = args_get(&args, "table"), *csv = args_get(&args, "csv");
    if (!glob)
        glob = args_get(&args, "cpython") || job.sizes ? "dict/cpython" : "*";
    if (job.sizes && csv)
        return say("--sizes and --csv both write what happened: choose one");
    int status = choose_check(&args, &job);
    if (status == EBB_OK && csv && !open_csv(&job, csv))
        return EBB_USAGE;
    if (status == EBB_OK)
        status = replay_all(&job, glob);
    if (job.csv && job.csv != stdout && fclose(job.csv) != 0)
        return say("%s: %s", csv, strerror(errno));
    return status;
}

const struct verb verb_replay = {
    .name = "replay",
    .arguments = "[OPTION ...] TRACE",
    .summary = "replay a trace on tables, check every answer and promise, print bytes and moves",
    .help =
        "  --table GLOB       which tables (default: all; dict/cpython with --cpython or --sizes)\n"
        "  --check steps      compare each step with the model, judge bytes and moves, walk the\n"
        "                     table; the default for text traces\n"
        "  --check blocks     compare the checksum of every 4096 steps with the recorded one; the\n"
        "                     default for binary traces; needs no memory beside the table's\n"
        "  --csv FILE         bytes and counts where the bytes change, and every 4096 steps (- "
        "for\n"
        "                     standard output, instead of the result)\n"
        "  --sizes            print the reported size after every step instead of the result\n"
        "  --cpython VERSION  profile of dict: 3.6 to 3.13, e.g. 3.7.3 (the default), 3.11\n"
        "  --seed S           of the hash (default 1)\n"
        "  --hash PROFILE     good (the default); in the presets count and explore also identity,\n"
        "                     two, constant or few-bits values\n"
        "  --save FILE        where a failing trace goes, minimised (default\n"
        "                     failure-ENGINE-STRATEGY.trace here)\n"
        "  TRACE              text or binary, compressed with zstd or not; - is standard input\n",
    .run = run,
};
