/* Every trace that once showed a bug, on every table.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

#include <glob.h>

static void replay(const char *path, const struct ht_table *t)
{
    char error[400];
    struct trace trace = {0};
    if (!trace_load(&trace, path, SIZE_MAX, error, sizeof error)) {
        (void)fprintf(stderr, "%s\n", error);
        exit(1);
    }
    for (size_t i = 0; i < trace.n && !(t->traits & HT_ORDERED); i++)
        if (trace.ops[i].kind == HT_POP)
            trace.ops[i].kind = HT_SCAN; /* stands in on tables that keep no order */
    for (unsigned profile = 0; profile < cpython_profile_count; profile++) {
        struct replay_options options = test_options(t);
        options.config.profile = profile;
        struct replay_result result;
        if (!replay_trace(&options, trace.ops, trace.n, &result))
            test_fail(&options, &trace, &result, path);
    }
    trace_free(&trace);
}

int main(void)
{
    glob_t found;
    CHECK(glob("corpus/regress/*.trace", 0, NULL, &found) == 0 && found.gl_pathc > 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FOR_EACH_TABLE(t)
        {
            replay(found.gl_pathv[i], t);
        }
    }
    globfree(&found);
    return 0;
}
