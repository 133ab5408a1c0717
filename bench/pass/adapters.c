/* ebb-adapters: what the interface of ht.h costs a peer, against hand-written loops.
 *
 *   ebb-adapters [--n N] [--rounds R] [--instructions] WORKLOAD ... >adapters.csv
 *
 * Both take the same steps: from an empty map to its end. They take turns, in the order
 * a b b a, each replay with a map of its own. With --instructions each is replayed once, in a
 * process of its own, and marked for callgrind (scripts/calibrate.py runs it so).
 *
 * SPDX-License-Identifier: MIT */
#include "by_hand.h"
#include "machine.h"
#include "mark.h"
#include "say.h"
#include "verb.h"

#include "check.h"
#include "set.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 100000, ROUNDS = 20, SEED = 1, WARM_BYTES_AN_ENTRY = 200 };

struct subject {
    const struct by_hand_loop *hand;
    const struct ht_table *table;
    const char *workload;
    struct trace trace;
};

static void append(void *trace, struct ht_op op)
{
    trace_append(trace, op);
}

static bool is_simple(const struct trace *trace)
{
    for (size_t i = 0; i < trace->n; i++)
        if (trace->ops[i].kind > HT_DEL)
            return false;
    return true;
}

/* One replay by hand or through the interface; returns the checksum. */
static uint64_t replay(const struct subject *s, bool hand)
{
    if (hand)
        return s->hand->run(s->trace.ops, s->trace.n, SEED);
    const struct ht_config config = {.seed = SEED};
    struct ht_mem mem;
    struct ht_set set;
    ht_mem_init(&mem);
    ht_set_init(&set, s->table, &mem, &config);
    uint64_t sum = s->table->run(&set, s->trace.ops, s->trace.n, 0);
    ht_set_free(&set);
    return sum;
}

static double timed(const struct subject *s, bool hand, uint64_t answers)
{
    uint64_t start = machine_cpu_ns(), sum = replay(s, hand);
    uint64_t took = machine_cpu_ns() - start;
    CHECK(sum == answers);
    return (double)took / (double)s->trace.n;
}

static void time_both(const struct subject *s, uint64_t rounds)
{
    uint64_t answers = replay(s, true);
    CHECK(replay(s, false) == answers);
    for (uint64_t round = 0; round < rounds; round++) {
        double first = timed(s, round % 2 == 0, answers), second = timed(s, round % 2, answers);
        (void)printf("%s,%s,%s,%zu,%" PRIu64 ",%.4f,%.4f\n", s->table->name, s->hand->with,
                     s->workload, s->trace.n, round, round % 2 ? second : first,
                     round % 2 ? first : second);
    }
}

/* In a child, so that each finds the same heap. */
static bool count_apart(const struct subject *s, bool hand)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        char title[160];
        (void)snprintf(title, sizeof title, "%s,%s,%s,%s,%zu", s->table->name, s->hand->with,
                       s->workload, hand ? "hand" : "run", s->trace.n);
        CALLGRIND_TOGGLE_COLLECT;
        (void)replay(s, hand);
        CALLGRIND_TOGGLE_COLLECT;
        CALLGRIND_DUMP_STATS_AT(title);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static int measure(struct subject *s, uint64_t rounds, bool instructions)
{
    for (s->hand = by_hand_loops; s->hand->peer; s->hand++) {
        s->table = ht_find_table(s->hand->peer);
        if (!s->table)
            continue;
        if (!instructions)
            time_both(s, rounds);
        else if (!count_apart(s, true) || !count_apart(s, false))
            return say("adapters: a child process failed");
    }
    return EBB_OK;
}

int main(int argc, char **argv)
{
    struct args args;
    uint64_t n = N, rounds = ROUNDS;
    if (!args_parse(&args, argc, argv, "n rounds", "instructions") ||
        !args_number(&args, "n", 1, UINT64_C(1) << 30, &n) ||
        !args_number(&args, "rounds", 1, 100000, &rounds))
        return EBB_USAGE;
    bool instructions = args_get(&args, "instructions") != NULL;
    if (instructions && !CAN_MARK)
        return say("adapters: built without valgrind/callgrind.h, cannot mark what to count");
    machine_pin();
    machine_memory(PAGES_WARM, (size_t)n * WARM_BYTES_AN_ENTRY);
    if (!instructions)
        (void)puts("peer,with,workload,steps,round,hand_ns,run_ns");
    (void)fflush(stdout);
    int worst = EBB_OK;
    for (int i = 0; i < args.count && worst == EBB_OK; i++) {
        struct subject s = {.workload = args.words[i]};
        unsigned variant;
        const struct workload *w = workload_find(s.workload, &variant);
        if (!w)
            return say("unknown workload '%s'", s.workload);
        (void)workload_generate(w, variant, n, SEED, KEYS_RANDOM, append, &s.trace);
        if (!is_simple(&s.trace))
            return say("adapters: '%s' is not of gets, puts and dels alone", s.workload);
        worst = measure(&s, rounds, instructions);
        trace_free(&s.trace);
    }
    return flush_output() ? worst : EBB_WRONG;
}
