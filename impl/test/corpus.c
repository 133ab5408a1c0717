/* The recorded traces are what corpus/README.md says, and every table answers
 * them rightly.
 *
 * SPDX-License-Identifier: MIT */
#include "model.h"
#include "test.h"

#include <glob.h>

/* Under sanitizers peers meet the first traces only; in the release build all. */
#ifdef __SANITIZE_ADDRESS__
enum { PEER_TRACES = 1 };
#else
enum { PEER_TRACES = 1000 };
#endif

enum { STEPS_LEAST = 200000, DELETED_LEAST_PERCENT = 30, PEAK_LEAST = 10000, TRACES_LEAST = 3 };

/* Of a trace: how much it asks of a table. */
static void measure(const char *path)
{
    char error[400];
    struct trace trace = {0};
    struct model *model = model_create();
    size_t deleted = 0, peak = 0;
    if (!trace_load(&trace, path, SIZE_MAX, error, sizeof error)) {
        (void)fprintf(stderr, "%s\n", error);
        exit(1);
    }
    for (size_t i = 0; i < trace.n; i++) {
        deleted += trace.ops[i].kind == HT_DEL;
        (void)model_apply(model, trace.ops[i], i);
        if (model_live_all(model) > peak)
            peak = model_live_all(model);
    }
    CHECK(trace.n >= STEPS_LEAST);
    CHECK(deleted * 100 >= trace.n * DELETED_LEAST_PERCENT);
    CHECK(peak >= PEAK_LEAST);
    model_destroy(model);
    trace_free(&trace);
}

static void replay(const char *path, const struct ht_table *t)
{
    char error[400];
    struct replay_options options = test_options(t);
    options.check = REPLAY_BLOCKS;
    struct replay *r = replay_start(&options);
    struct trace_reader *reader = trace_open(path, error, sizeof error);
    struct trace_block block;
    CHECK(reader);
    while (trace_next(reader, &block) > 0) {
        CHECK(block.has_checksum);
        (void)replay_steps(r, block.ops, block.n, &block.checksum);
    }
    trace_close(reader);
    struct replay_result result;
    replay_finish(r, &result);
    if (result.failed) {
        (void)fprintf(stderr, "%s: %s: %s\n", path, t->name, result.what);
        exit(1);
    }
}

int main(void)
{
    glob_t found;
    CHECK(glob("corpus/traces/*.ebt.zst", 0, NULL, &found) == 0);
    CHECK(found.gl_pathc >= TRACES_LEAST);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        measure(found.gl_pathv[i]);
        FOR_EACH_TABLE(t)
        {
            if (!ht_is_peer(t) || i < PEER_TRACES)
                replay(found.gl_pathv[i], t);
        }
    }
    globfree(&found);
    return 0;
}
