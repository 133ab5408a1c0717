/* Everything the C shim of Google Benchmark offers, used once.
 *
 * Needs Google Benchmark.
 *
 * SPDX-License-Identifier: MIT */
#include "gbench.h"

#include "check.h"

#include <string.h>

struct counts {
    int setups, teardowns, runs;
    int64_t iterations, argument_sum;
};

static void setup(void *arg)
{
    ((struct counts *)arg)->setups++;
}

static void teardown(void *arg)
{
    ((struct counts *)arg)->teardowns++;
}

static void with_arguments(struct gb_state *state, void *arg)
{
    struct counts *c = arg;
    CHECK(c->setups == c->teardowns + 1);
    c->argument_sum += gb_range(state, 0) * gb_range(state, 1);
    while (gb_keep_running_batch(state, 100))
        c->iterations += 100;
    gb_items_processed(state, gb_iterations_done(state));
    gb_bytes_processed(state, 8 * gb_iterations_done(state));
    gb_counter(state, "plain", 42, GB_PLAIN);
    gb_counter(state, "rate", 7, GB_RATE | GB_BINARY_PREFIX);
    gb_counter(state, "inverse", 7, GB_RATE | GB_INVERT | GB_AVERAGE);
    gb_label(state, "a label");
    c->runs++;
}

static void manual(struct gb_state *state, void *arg)
{
    while (gb_keep_running(state)) {
        ((struct counts *)arg)->iterations++;
        gb_set_iteration_time(state, 0.25);
    }
}

static void skipped(struct gb_state *state, void *arg)
{
    ((struct counts *)arg)->runs++;
    gb_skip_with_error(state, "on purpose");
}

static void must_not_run(struct gb_state *state, void *arg)
{
    (void)state, (void)arg;
    ht_check_failed("the filter let it pass", __FILE__, __LINE__);
}

/* Reads what the run wrote. */
static char *slurp(const char *path)
{
    static char text[20000];
    FILE *file = fopen(path, "r");
    CHECK(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    CHECK(fclose(file) == 0);
    return text;
}

int main(void)
{
    char path[] = "/tmp/ebb-gbench-XXXXXX", out[80];
    CHECK(mkstemp(path) >= 0);
    (void)snprintf(out, sizeof out, "--benchmark_out=%s", path);
    char name[] = "gbench_shim", filter[] = "--benchmark_filter=^shim/",
         *argv[] = {name, filter, out, NULL};
    int argc = 3;
    gb_initialize(&argc, argv);
    CHECK(argc == 1);
    gb_context("key", "value");
    CHECK(gb_would_run("shim/x") && !gb_would_run("other/shim/"));

    struct counts a = {0}, m = {0}, s = {0};
    const int64_t first[] = {2, 3}, second[] = {5, 7};
    struct gb_benchmark *b = gb_register("shim/arguments", with_arguments, &a);
    gb_args(b, first, 2);
    gb_args(b, second, 2);
    gb_iterations(b, 1000);
    gb_setup(b, setup);
    gb_teardown(b, teardown);
    b = gb_register("shim/manual", manual, &m);
    gb_use_manual_time(b);
    gb_iterations(b, 4);
    gb_unit(b, GB_MILLISECOND);
    b = gb_register("shim/repeated", with_arguments, &a);
    gb_args(b, first, 2);
    gb_repetitions(b, 2);
    gb_min_time(b, 0.001);
    gb_use_real_time(b);
    gb_setup(b, setup);
    gb_teardown(b, teardown);
    (void)gb_register("shim/skipped", skipped, &s);
    (void)gb_register("other", must_not_run, NULL);
    CHECK(gb_run(true) == 5);
    gb_shutdown();

    CHECK(a.setups == a.teardowns && a.runs >= 4 && a.iterations > 2000);
    CHECK(a.argument_sum >= 2 * 3 + 5 * 7);
    CHECK(m.iterations == 4 && s.runs == 1);
    const char *json = slurp(path);
    CHECK(strstr(json, "\"key\": \"value\""));
    CHECK(strstr(json, "\"shim/arguments/2/3/iterations:1000\""));
    CHECK(strstr(json, "\"label\": \"a label\""));
    CHECK(strstr(json, "\"plain\": 4.2"));
    CHECK(strstr(json, "\"real_time\": 2.5000000000000000e+02"));
    CHECK(strstr(json, "\"error_message\": \"on purpose\""));
    CHECK(!strstr(json, "\"other\""));
    CHECK(remove(path) == 0);
    return 0;
}
