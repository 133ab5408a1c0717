/* The command line of ebb-bench; see options.h.
 *
 * SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: ebb-bench [OPTION ...] [--benchmark_... flags of Google Benchmark]\n\n"
    "  --quick            a smoke: n = 2000\n"
    "  --full             10^3 to 10^7 entries, all key kinds, cold pages\n"
    "  --workload GLOB    e.g. purge, 'trap_*', fill_drain.random, real.cc1\n"
    "  --table GLOB       e.g. linear/shrink, 'dict/*', 'peer/*'\n"
    "  --peers            peers too (by default only by --table)\n"
    "  --n N              one size instead of the mode's\n"
    "  --seed S           of keys, traces and hashes (default 1)\n"
    "  --order S          of the order of the arms; one a process (default 0: as listed)\n"
    "  --list-cells       print the plan, as CSV, and end\n"
    "  --first I          only the cells of the plan from number I on,\n"
    "  --count N          so many of them\n"
    "  --traces FOLDER    recorded traces to replay too\n"
    "  --silent           results to --benchmark_out alone\n"
    "  --memory FILE      bytes over the steps of each cell, as CSV\n"
    "  --rounds FILE      every replay of a whole trace, as CSV\n\n"
    "Pairs, compared slice by slice (then no cell is measured):\n"
    "  --slices FILE      measure the pairs, and write every slice as CSV\n"
    "  --pair GLOB        some of them\n"
    "  --null same|twin   the base against itself, or against its twin, in every headline\n"
    "  --shard I/N        of the headlines every N-th, from the I-th on; all controls\n"
    "  --sweeps N         rounds of each (default 4)\n"
    "  --more N           steps that one_percent adds to each 10,000 (default 100)\n"
    "  --overhead FILE    what the harness itself adds, as CSV\n"
    "  --list-pairs       print the pairs, as CSV, and end\n";

static uint64_t number_or_die(const char *name, const char *value)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(value, &end, 10);
    if (errno || *value < '0' || *value > '9' || *end || n > UINT64_C(1) << 32) {
        (void)fprintf(stderr, "ebb-bench: %s %s: not a whole number from 0 to 2^32\n", name, value);
        exit(2);
    }
    return n;
}

static bool is_flag(struct options *o, const char *name)
{
    if (strcmp(name, "--quick") == 0)
        o->plan.mode = PLAN_QUICK;
    else if (strcmp(name, "--full") == 0)
        o->plan.mode = PLAN_FULL;
    else if (strcmp(name, "--peers") == 0)
        o->plan.peers = true;
    else if (strcmp(name, "--silent") == 0)
        o->silent = true;
    else if (strcmp(name, "--list-pairs") == 0)
        o->list_pairs = true;
    else if (strcmp(name, "--list-cells") == 0)
        o->list_cells = true;
    else
        return false;
    return true;
}

static bool is_word(struct options *o, const char *name, const char *value)
{
    const struct {
        const char *name, **to;
    } words[] = {
        {"--workload", &o->plan.workload}, {"--table", &o->plan.table},
        {"--traces", &o->plan.traces},     {"--memory", &o->memory},
        {"--rounds", &o->rounds},          {"--slices", &o->slices},
        {"--overhead", &o->overhead},      {"--pair", &o->pair},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(name, words[i].name) == 0) {
            *words[i].to = value;
            return true;
        }
    }
    return false;
}

static bool is_number(struct options *o, const char *name, const char *value)
{
    const struct {
        const char *name;
        uint64_t *to;
    } numbers[] = {
        {"--n", &o->plan.n},    {"--seed", &o->plan.seed}, {"--order", &o->plan.order},
        {"--first", &o->first}, {"--count", &o->count},    {"--more", &o->more},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].to = number_or_die(name, value);
            return true;
        }
    }
    if (strcmp(name, "--sweeps") != 0)
        return false;
    o->sweeps = (unsigned)number_or_die(name, value);
    return true;
}

static bool is_null(struct options *o, const char *name, const char *value)
{
    if (strcmp(name, "--null") != 0)
        return false;
    if (strcmp(value, "same") == 0)
        o->null = PAIR_NULL_SAME;
    else if (strcmp(value, "twin") == 0)
        o->null = PAIR_NULL_TWIN;
    else
        return false;
    return true;
}

static bool is_shard(struct options *o, const char *name, const char *value)
{
    char *slash, *end;
    if (strcmp(name, "--shard") != 0)
        return false;
    unsigned long shard = strtoul(value, &slash, 10);
    unsigned long shards = *slash == '/' ? strtoul(slash + 1, &end, 10) : 0;
    if (shard < 1 || shard > shards || shards > UINT16_MAX || *end)
        return false;
    o->shard = (unsigned)shard;
    o->shards = (unsigned)shards;
    return true;
}

void options_parse(struct options *o, int argc, char **argv)
{
    *o = (struct options){
        .plan = {.seed = 1}, .sweeps = 4, .count = SIZE_MAX, .more = PAIR_STEPS_MORE};
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (strcmp(name, "--help") == 0) {
            (void)fputs(usage, stdout);
            exit(0);
        }
        if (is_flag(o, name))
            continue;
        const char *value = i + 1 < argc ? argv[++i] : NULL;
        if (value && (is_word(o, name, value) || is_number(o, name, value) ||
                      is_null(o, name, value) || is_shard(o, name, value)))
            continue;
        (void)fprintf(stderr, "ebb-bench: unknown option '%s', or its value is missing\n\n%s", name,
                      usage);
        exit(2);
    }
}
