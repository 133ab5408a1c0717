/* The worst that searches found, in corpus/witness: each trace still shows what its first
 * lines say, and each that retains memory uses its promise almost in full.
 *
 * Normal sizes only.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

#include <glob.h>
#include <inttypes.h>

enum { PROMISED_PERCENT = 95 };

static void check_witness(const char *path)
{
    char error[400];
    struct trace trace = {0};
    struct test_head head = test_head(path);
    struct replay_options options = test_options(test_table_in(head.first));
    if (!options.table) {
        (void)printf("%s: no such table in this build\n", path);
        return;
    }
    options.config.seed = test_number_after(head.first, "seed");
    options.config.profile = (unsigned)test_number_after(head.first, "profile");
    uint64_t held = test_number_after(head.second, "holds");
    uint64_t bound = test_number_after(head.second, "of");
    CHECK(trace_load(&trace, path, SIZE_MAX, error, sizeof error));
    CHECK(trace.n == test_number_after(head.second, "step") + 1);
    struct replay *r = replay_start(&options);
    struct replay_result result;
    struct ht_stats before, after;
    CHECK(replay_steps(r, trace.ops, trace.n - 1, NULL));
    replay_current(r, &before);
    CHECK(replay_steps(r, trace.ops + trace.n - 1, 1, NULL));
    replay_current(r, &after);
    (void)printf("%-26s held %5zu of %5zu bytes, %3zu live, %3" PRIu64 " moved\n",
                 options.table->name, after.held, replay_bound(r), after.live,
                 after.moved - before.moved);
    CHECK(after.held == held && replay_bound(r) == bound);
    CHECK(after.live == test_number_after(head.second, "for"));
    CHECK(after.moved - before.moved == test_number_after(head.second, "moved"));
    CHECK(!strstr(path, ".retained.") || held * 100 >= bound * PROMISED_PERCENT);
    replay_finish(r, &result);
    CHECK(!result.failed);
    trace_free(&trace);
}

int main(void)
{
    glob_t found;
    CHECK(glob("corpus/witness/*.trace", 0, NULL, &found) == 0 && found.gl_pathc > 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_witness(found.gl_pathv[i]);
    globfree(&found);
    return 0;
}
