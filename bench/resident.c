/* ebb-resident: what the system sees of a table's memory, under several allocators.
 *
 *   ebb-resident --workload NAME --n N --allocators LIST [OPTION ...] >resident.csv
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
#include "workload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char usage[] =
    "usage: ebb-resident --workload NAME --n N --allocators LIST [OPTION ...]\n\n"
    "  --workload NAME    e.g. fill_drain.random\n"
    "  --n N              its size\n"
    "  --allocators LIST  of glibc,jemalloc,mimalloc,tcmalloc; e.g. glibc,jemalloc\n"
    "  --table GLOB       these tables alone\n"
    "  --wait MS          how long a drained process is watched (default 5000)\n"
    "  --program N=CMD    a program that is measured like a table, under the name N; it gets\n"
    "                     the allocator as its last argument; may be given several times\n"
    "  --samples FILE     all samples, as CSV\n";

enum { PROGRAMS = 8, ALLOCATORS = 8 };

struct options {
    const char *workload, *table, *samples;
    char *allocators;
    char *programs[PROGRAMS];
    size_t program_count;
    uint64_t n, wait_ms;
};

static uint64_t number_or_die(const char *name, const char *value)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(value, &end, 10);
    if (errno || *value < '0' || *value > '9' || *end || n > UINT64_C(1) << 32) {
        (void)fprintf(stderr, "ebb-resident: %s %s: not a whole number from 0 to 2^32\n", name,
                      value);
        exit(2);
    }
    return n;
}

static void parse(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i += 2) {
        const char *name = argv[i];
        char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (value && strcmp(name, "--workload") == 0) {
            o->workload = value;
        } else if (value && strcmp(name, "--table") == 0) {
            o->table = value;
        } else if (value && strcmp(name, "--allocators") == 0) {
            o->allocators = value;
        } else if (value && strcmp(name, "--samples") == 0) {
            o->samples = value;
        } else if (value && strcmp(name, "--n") == 0) {
            o->n = number_or_die(name, value);
        } else if (value && strcmp(name, "--wait") == 0) {
            o->wait_ms = number_or_die(name, value);
        } else if (value && strcmp(name, "--program") == 0 && o->program_count < PROGRAMS &&
                   strcspn(value, ",") > strcspn(value, "=")) {
            o->programs[o->program_count++] = value;
        } else {
            (void)fprintf(stderr, "ebb-resident: unknown option '%s', or its value is wrong\n\n%s",
                          name, usage);
            exit(2);
        }
    }
    if (!o->workload || !o->n || !o->allocators) {
        (void)fputs(usage, stderr);
        exit(2);
    }
}

/* ---- the trace, in shared memory --------------------------------------------------- */

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

/* Returns its descriptor, and whether its tables must keep order. */
static int make_trace(const struct options *o, bool *ordered, char *title, size_t room)
{
    unsigned variant;
    struct trace trace = {0};
    const struct workload *w = workload_find(o->workload, &variant);
    if (!w) {
        (void)fprintf(stderr, "ebb-resident: unknown workload '%s'\n", o->workload);
        exit(2);
    }
    workload_title(w, variant, title, room);
    (void)workload_generate(w, variant, o->n, 1, KEYS_RANDOM, append, &trace);
    *ordered = w->ordered;
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

static bool is_measured(const struct ht_table *t, const struct options *o, bool ordered)
{
    return !t->absent && !(t->traits & HT_SILENT) && ht_glob(o->table, t->name) &&
           (!ordered || (t->traits & HT_ORDERED));
}

static void add_all(struct watch *watch, const struct options *o, bool ordered)
{
    const char *allocators[ALLOCATORS];
    size_t count = 0;
    for (char *word = strtok(o->allocators, ","); word && count < ALLOCATORS;
         word = strtok(NULL, ","))
        allocators[count++] = word;
    for (size_t a = 0; a < count; a++) {
        for (size_t i = 0; ht_tables[i]; i++)
            if (is_measured(ht_tables[i], o, ordered))
                watch_add(watch, ht_tables[i]->name, allocators[a], NULL);
        for (size_t i = 0; i < o->program_count; i++)
            watch_add(watch, NULL, allocators[a], o->programs[i]);
    }
}

int main(int argc, char **argv)
{
    struct options o = {.wait_ms = 5000};
    struct watch watch = {0};
    char title[80];
    bool ordered;
    if (argc == 4 && strcmp(argv[1], "--child") == 0)
        return resident_child(argv[2], argv[3]);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0;
    parse(argc, argv, &o);
    watch.trace_fd = make_trace(&o, &ordered, title, sizeof title);
    (void)snprintf(watch.cell, sizeof watch.cell, "%s/%" PRIu64, title, o.n);
    watch.wait_ms = o.wait_ms;
    add_all(&watch, &o, ordered);
    if (watch.count == 0) {
        (void)fprintf(stderr, "ebb-resident: unknown table '%s'\n", o.table);
        return 2;
    }
    if (o.samples) {
        watch.samples = fopen(o.samples, "w");
        if (!watch.samples) {
            (void)fprintf(stderr, "ebb-resident: %s: %s\n", o.samples, strerror(errno));
            return 2;
        }
    }
    size_t failed = watch_run(&watch, stdout);
    watch_free(&watch);
    if ((watch.samples && fclose(watch.samples) != 0) || fflush(stdout) != 0) {
        (void)fprintf(stderr, "ebb-resident: the output could not be written\n");
        return 2;
    }
    return failed ? 1 : 0;
}
