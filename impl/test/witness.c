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

struct witness {
    char table[64];
    uint64_t seed, step, moved;
    unsigned profile;
    size_t held, bound, live;
};

static struct witness read_head(const char *path)
{
    struct witness w;
    FILE *file = fopen(path, "r");
    CHECK(file);
    int table =
        fscanf(file, "# table %63s seed %" SCNu64 " profile %u ", w.table, &w.seed, &w.profile);
    int worst = fscanf(file,
                       "# step %" SCNu64 " holds %zu of %zu bytes promised, for %zu live; it moved "
                       "%" SCNu64 " entries",
                       &w.step, &w.held, &w.bound, &w.live, &w.moved);
    CHECK(table == 3 && worst == 5);
    (void)fclose(file);
    return w;
}

static void check_witness(const char *path)
{
    char error[400];
    struct trace trace = {0};
    struct witness w = read_head(path);
    CHECK(trace_load(&trace, path, SIZE_MAX, error, sizeof error));
    const struct ht_table *table = ht_find_table(w.table);
    if (!table) {
        (void)printf("%s: no table %s in this build\n", path, w.table);
        trace_free(&trace);
        return;
    }
    struct replay_options options = test_options(table);
    options.config = (struct ht_config){.seed = w.seed, .profile = w.profile};
    struct replay *r = replay_start(&options);
    struct replay_result result;
    struct ht_stats before, after;
    CHECK(trace.n == w.step + 1);
    CHECK(replay_steps(r, trace.ops, trace.n - 1, NULL));
    replay_current(r, &before);
    CHECK(replay_steps(r, trace.ops + trace.n - 1, 1, NULL));
    replay_current(r, &after);
    (void)printf("%-26s held %5zu of %5zu bytes, %3zu live, %3" PRIu64 " moved\n", w.table,
                 after.held, replay_bound(r), after.live, after.moved - before.moved);
    CHECK(after.held == w.held && after.live == w.live && replay_bound(r) == w.bound);
    CHECK(after.moved - before.moved == w.moved);
    CHECK(!strstr(path, ".retained.") || w.held * 100 >= w.bound * PROMISED_PERCENT);
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
