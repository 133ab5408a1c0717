/* ebb count: the exact figures of every table on every workload, as CSV.
 *
 * All are counted by the table and its allocator as they go, so they are the same
 * on every machine, by every compiler, in every run. Peers are left out: what they
 * do depends on their version, and in some on the addresses they are given.
 *
 * With --instructions each workload is replayed in a child process, so that every
 * one finds the same heap, and the run loop alone is marked for callgrind
 * (scripts/count.py runs it so).
 *
 * SPDX-License-Identifier: MIT */
#include "mark.h"
#include "say.h"
#include "verb.h"

#include "check.h"
#include "cpython_profile.h"
#include "probes.h"
#include "set.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Small enough for every test run, and two, so that what follows size shows. */
static const uint64_t sizes[] = {1000, 10000};

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

static bool has_pop(const struct trace *trace)
{
    for (size_t i = 0; i < trace->n; i++)
        if (trace->ops[i].kind == HT_POP)
            return true;
    return false;
}

static bool is_counted(const struct ht_table *t, const char *glob, bool ordered)
{
    return !t->absent && strcmp(t->engine, "peer") != 0 && ht_glob(glob, t->name) &&
           (!ordered || (t->traits & HT_ORDERED));
}

/* One table on one trace; `title` names it to callgrind. */
static void replay(const struct ht_table *t, const struct trace *trace, const char *title,
                   struct ht_stats *stats, struct ht_mem *mem, uint64_t *area)
{
    struct ht_set set;
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    ht_mem_init(mem);
    ht_set_init(&set, t, mem, &config);
    uint64_t probed = ht_probes;
    CALLGRIND_TOGGLE_COLLECT;
    (void)t->run(&set, trace->ops, trace->n, 0);
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(title);
    ht_set_stats(&set, stats);
    stats->probed = ht_probes - probed;
    *area = ht_mem_area(mem, trace->n - 1);
    uint64_t frees = mem->frees;
    ht_set_free(&set);
    mem->frees = frees; /* those of the trace alone */
}

static void print_row(const char *title, uint64_t n, const struct ht_table *t, uint64_t steps,
                      const struct ht_stats *s, const struct ht_mem *mem, uint64_t area)
{
    const uint64_t figures[] = {steps,      s->live,       s->held,     mem->peak,
                                area,       mem->calls,    mem->frees,  s->moved,
                                s->shifted, s->moved_most, s->rebuilds, s->visited};
    (void)printf("%s,%" PRIu64 ",%s", title, n, t->name);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        (void)printf(",%" PRIu64, figures[i]);
#ifdef HT_CHECKED
    (void)printf(",%" PRIu64, s->probed);
#endif
    (void)putchar('\n');
}

static void count_trace(const char *title, uint64_t n, const char *glob, const struct trace *trace)
{
    bool ordered = has_pop(trace);
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *t = ht_tables[i];
        if (!is_counted(t, glob, ordered))
            continue;
        char name[200];
        struct ht_stats stats;
        struct ht_mem mem;
        uint64_t area;
        (void)snprintf(name, sizeof name, "%s,%" PRIu64 ",%s,%zu", title, n, t->name, trace->n);
        replay(t, trace, name, &stats, &mem, &area);
        print_row(title, n, t, trace->n, &stats, &mem, area);
    }
}

struct choice {
    const char *table, *workload;
    uint64_t n; /* 0: the usual sizes */
    bool instructions;
};

static void count_workload(const struct workload *w, unsigned variant, uint64_t n,
                           const char *title, const char *table)
{
    struct trace trace = {0};
    (void)workload_generate(w, variant, n, 1, KEYS_RANDOM, append, &trace);
    count_trace(title, n, table, &trace);
    trace_free(&trace);
}

/* In a child, for callgrind: what it prints is of no interest. */
static bool count_apart(const struct workload *w, unsigned variant, uint64_t n, const char *title,
                        const char *table)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout))
            _exit(1);
        count_workload(w, variant, n, title, table);
        (void)fflush(stdout);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool count_form(const struct workload *w, unsigned variant, uint64_t n,
                       const struct choice *choice)
{
    char title[80];
    workload_title(w, variant, title, sizeof title);
    if (!ht_glob(choice->workload, title) && !ht_glob(choice->workload, w->name))
        return true;
    if (choice->instructions)
        return count_apart(w, variant, n, title, choice->table);
    count_workload(w, variant, n, title, choice->table);
    return true;
}

static bool count_all(uint64_t n, const struct choice *choice)
{
    for (size_t i = 0; workloads[i]; i++)
        for (unsigned v = 0; v < workload_forms(workloads[i]); v++)
            if (!count_form(workloads[i], v, n, choice))
                return false;
    return true;
}

/* Does the pattern match a workload, in any of its forms? */
static bool any_workload(const char *glob)
{
    for (size_t i = 0; workloads[i]; i++)
        for (unsigned v = 0; v < workload_forms(workloads[i]); v++) {
            char title[80];
            workload_title(workloads[i], v, title, sizeof title);
            if (ht_glob(glob, title) || ht_glob(glob, workloads[i]->name))
                return true;
        }
    return false;
}

static int run(int argc, char **argv)
{
    struct args args;
    struct choice choice = {0};
    if (!args_parse(&args, argc, argv, "n table workload", "instructions") ||
        !args_number(&args, "n", 1, UINT64_C(1) << 32, &choice.n))
        return EBB_USAGE;
    if (args.count)
        return say("count: takes no argument, got '%s'", args.words[0]);
    choice.table = args_get(&args, "table");
    choice.workload = args_get(&args, "workload");
    choice.instructions = args_get(&args, "instructions") != NULL;
    if (!any_workload(choice.workload))
        return say("unknown workload '%s' (known: %s)", choice.workload, known_workloads());
    if (choice.instructions && !CAN_MARK)
        return say("count: built without valgrind/callgrind.h, cannot mark what to count");
    (void)puts("workload,n,table,steps,live,bytes,peak,byte_steps,allocations,frees,moved,shifted,"
               "moved_most,rebuilds,visited"
#ifdef HT_CHECKED
               ",probed" /* by a build that counts them: they are not counted where it is timed */
#endif
    );
    (void)fflush(stdout); /* before any fork */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (choice.n && i > 0)
            break;
        if (!count_all(choice.n ? choice.n : sizes[i], &choice))
            return say("count: a child process failed");
    }
    return EBB_OK;
}

const struct verb verb_count = {
    .name = "count",
    .arguments = "[OPTION ...]",
    .summary = "the exact figures of every table on every workload, as CSV",
    .help = "  --n N           one size (default: 1000 and 10000)\n"
            "  --table GLOB    of these tables alone\n"
            "  --workload GLOB on these workloads alone\n"
            "  --instructions  mark each replay for callgrind instead, a process for each\n",
    .run = run,
};
