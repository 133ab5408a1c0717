/* ebb gen: writes the trace of a workload.
 *
 * SPDX-License-Identifier: MIT */
#include "say.h"
#include "verb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void put(void *writer, struct ht_op op)
{
    trace_put(writer, op);
}

static int list(void)
{
    for (size_t i = 0; workloads[i]; i++) {
        for (unsigned v = 0; v < workload_forms(workloads[i]); v++) {
            char title[80];
            workload_title(workloads[i], v, title, sizeof title);
            (void)printf("%s\t%s\t%s\n", title, workloads[i]->summary, workloads[i]->hurts);
        }
    }
    return EBB_OK;
}

static int run(int argc, char **argv)
{
    struct args args;
    uint64_t n = 1000, seed = 1;
    if (!args_parse(&args, argc, argv, "n seed keys output", "list text") ||
        !args_number(&args, "n", 1, UINT64_C(1) << 32, &n) ||
        !args_number(&args, "seed", 0, UINT64_MAX, &seed))
        return EBB_USAGE;
    if (args_get(&args, "list"))
        return list();
    if (args.count != 1)
        return say("gen: name one workload (known: %s)", known_workloads());
    unsigned variant;
    const struct workload *w = workload_find(args.words[0], &variant);
    if (!w)
        return say("unknown workload '%s' (known: %s)", args.words[0], known_workloads());
    enum key_kind keys = KEYS_RANDOM;
    if (args_get(&args, "keys"))
        keys = key_kind_named(args_get(&args, "keys"));
    if (keys == KEY_KINDS)
        return say("--keys %s: unknown (known: random sequential pointer)",
                   args_get(&args, "keys"));

    const char *output = args_get(&args, "output") ? args_get(&args, "output") : "-";
    char comment[160], why[200];
    (void)snprintf(comment, sizeof comment, "ebb gen %s --n %llu --seed %llu --keys %s",
                   args.words[0], (unsigned long long)n, (unsigned long long)seed,
                   key_kind_name(keys));
    struct trace_writer *writer =
        trace_create(output, args_get(&args, "text") ? TRACE_TEXT : TRACE_BINARY, comment);
    if (!writer)
        return say("%s: %s", output, strerror(errno));
    (void)workload_generate(w, variant, n, seed, keys, put, writer);
    if (!trace_finish(writer, why, sizeof why))
        return say("%s: %s", output, why);
    return EBB_OK;
}

const struct verb verb_gen = {
    .name = "gen",
    .arguments = "[OPTION ...] WORKLOAD",
    .summary = "write the trace of a workload to standard output",
    .help = "  --n N          size: about the most entries live at once (default 1000)\n"
            "  --seed S       of the random numbers (default 1)\n"
            "  --keys KIND    random (default), sequential or pointer\n"
            "  --output FILE  instead of standard output; compressed if it ends in .zst\n"
            "  --text         as text (default: binary)\n"
            "  --list         list the workloads instead: name, what happens, whom it hurts\n",
    .run = run,
};
