/* ebb-bench: one process of a run. It measures cells (a trace on every table) or pairs
 * (a headline or a control, slice by slice), through Google Benchmark, and writes what
 * it measured. scripts/run_bench.py starts many such processes and keeps their order.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "entries.h"
#include "gbench.h"
#include "machine.h"
#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static FILE *create_or_die(const char *path, void (*heading)(FILE *))
{
    if (!path)
        return NULL;
    FILE *file = fopen(path, "w");
    if (!file) {
        (void)fprintf(stderr, "ebb-bench: %s: %s\n", path, strerror(errno));
        exit(2);
    }
    if (heading)
        heading(file);
    return file;
}

static bool close_file(FILE *file, const char *path)
{
    if (!file || fclose(file) == 0)
        return true;
    (void)fprintf(stderr, "ebb-bench: %s: %s\n", path, strerror(errno));
    return false;
}

static void add_context(const struct options *o)
{
    char seed[32];
    (void)snprintf(seed, sizeof seed, "%" PRIu64, o->plan.seed);
    gb_context("ebb_seed", seed);
    gb_context("ebb_compiler", __VERSION__);
    char skipped[4096] = "";
    for (size_t i = 0, at = 0; ht_skipped[i] && at < sizeof skipped; i++)
        at += (size_t)snprintf(skipped + at, sizeof skipped - at, "%s%s", i ? "; " : "",
                               ht_skipped[i]);
    gb_context("ebb_skipped", skipped); /* a key is there once */
}

static int measure(const struct options *o)
{
    struct run run = {.options = o};
    run.memory = create_or_die(o->memory, record_heading);
    run.rounds = create_or_die(o->rounds, record_rounds_heading);
    run.slices = create_or_die(o->slices, pair_heading);
    run.overhead = create_or_die(o->overhead, NULL);
    machine_pin();
    add_context(o);
    if (o->slices || o->overhead) {
        (void)register_pairs(&run);
    } else {
        plan_make(&run.plan, &o->plan);
        register_cells(&run);
    }
    size_t ran = gb_run(o->silent);
    gb_shutdown();
    pair_forget();
    bool written = close_file(run.memory, o->memory);
    written = close_file(run.rounds, o->rounds) && written;
    written = close_file(run.slices, o->slices) && written;
    written = close_file(run.overhead, o->overhead) && written;
    if (!written || (ran == 0 && !o->slices))
        return 2;
    return run.failures ? 1 : 0;
}

int main(int argc, char **argv)
{
    struct options options;
    gb_initialize(&argc, argv);
    options_parse(&options, argc, argv);
    if (options.list_pairs) {
        list_pairs(&options);
        return 0;
    }
    if (options.list_cells) {
        struct plan plan;
        plan_make(&plan, &options.plan);
        list_cells(&plan);
        return 0;
    }
    return measure(&options);
}
