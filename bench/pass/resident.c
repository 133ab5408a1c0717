/* ebb-resident: what the system sees of a table's memory, under several allocators.
 *
 *   ebb-resident [OPTION ...] WORKLOAD [NAME=COMMAND ...] >resident.csv
 *
 * For each table and allocator it starts a process of its own (resident_child.c) and reads
 * its anonymous resident memory every 5 ms while the trace is replayed. A drained process
 * then sleeps, and is read at 0, 0.1, 1 and 5 s, after a little other work, and after a
 * trim, while the next ones run.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "resident_watch.h"

#include "check.h"
#include "say.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char usage[] =
    "usage: ebb-resident [OPTION ...] WORKLOAD [NAME=COMMAND ...]\n\n"
    "  --n N              size (default 1000000)\n"
    "  --allocators LIST  of glibc,jemalloc,mimalloc,tcmalloc (default glibc)\n"
    "  --table GLOB       these tables alone\n"
    "  --wait MS          how long a drained process is watched (default 5000)\n"
    "  --samples FILE     all samples, as CSV\n\n"
    "A COMMAND is measured like a table, under its NAME; it speaks as bench/pass/resident.h says "
    "and\n"
    "gets the allocator as its last argument.\n";

/* ---- the trace, in shared memory --------------------------------------------------- */

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

/* Returns its descriptor. */
static int make_trace(const struct workload *w, unsigned variant, uint64_t n)
{
    struct trace trace = {0};
    (void)workload_generate(w, variant, n, 1, KEYS_RANDOM, append, &trace);
    int fd = memfd_create("trace", 0);
    size_t bytes = trace.n * sizeof *trace.ops, done = 0;
    CHECK(fd >= 0);
    while (done < bytes) {
        ssize_t wrote = write(fd, (const char *)trace.ops + done, bytes - done);
        CHECK(wrote > 0);
        done += (size_t)wrote;
    }
    trace_free(&trace);
    return fd;
}

/* ---- what is measured ---------------------------------------------------------------- */

static bool is_measured(const struct ht_table *t, const char *glob, bool ordered)
{
    return !t->absent && !(t->traits & HT_SILENT) && ht_glob(glob, t->name) &&
           (!ordered || (t->traits & HT_ORDERED));
}

/* Every table and every program (the arguments behind the workload) under one allocator. */
static void add_all(struct watch *watch, const struct args *args, const char *allocator,
                    bool ordered)
{
    for (size_t i = 0; ht_tables[i]; i++)
        if (is_measured(ht_tables[i], args_get(args, "table"), ordered))
            watch_add(watch, ht_tables[i]->name, allocator, NULL);
    for (int i = 1; i < args->count; i++)
        watch_add(watch, NULL, allocator, args->words[i]);
}

static bool are_programs(const struct args *args)
{
    for (int i = 1; i < args->count; i++)
        if (strcspn(args->words[i], ",") < strcspn(args->words[i], "=") ||
            !strchr(args->words[i], '='))
            return false;
    return true;
}

static int measure(struct watch *watch, const char *samples)
{
    if (samples) {
        watch->samples = fopen(samples, "w");
        if (!watch->samples)
            return say("%s: %s", samples, strerror(errno));
    }
    size_t failed = watch_run(watch, stdout);
    watch_free(watch);
    if (watch->samples && fclose(watch->samples) != 0)
        return say("%s: %s", samples, strerror(errno));
    if (!flush_output())
        return 2;
    return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct args args;
    struct watch watch = {0};
    uint64_t n = 1000000;
    unsigned variant;
    char title[80], allocators[100];
    watch.wait_ms = 5000;
    if (argc == 4 && strcmp(argv[1], "--child") == 0)
        return resident_child(argv[2], argv[3]);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0;
    if (!args_parse(&args, argc, argv, "n allocators table wait samples", "") ||
        !args_number(&args, "n", 1, UINT64_C(1) << 32, &n) ||
        !args_number(&args, "wait", 0, 3600000, &watch.wait_ms))
        return 2;
    const struct workload *w = args.count ? workload_find(args.words[0], &variant) : NULL;
    if (!w)
        return say("resident: name a workload first (known: %s)", known_workloads());
    if (!are_programs(&args))
        return say("resident: a program is NAME=COMMAND, without a comma in its name");
    const char *list = args_get(&args, "allocators") ? args_get(&args, "allocators") : "glibc";
    (void)snprintf(allocators, sizeof allocators, "%s", list);
    for (char *word = strtok(allocators, ","); word; word = strtok(NULL, ","))
        add_all(&watch, &args, word, w->ordered);
    if (watch.count == 0)
        return say("resident: nothing to measure: no table matches");
    workload_title(w, variant, title, sizeof title);
    (void)snprintf(watch.cell, sizeof watch.cell, "%s/%" PRIu64, title, n);
    watch.trace_fd = make_trace(w, variant, n);
    return measure(&watch, args_get(&args, "samples"));
}
