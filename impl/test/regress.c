/* Every trace that once showed a bug, on every table; and as it was found, where its
 * first line says on which table, with which hash and which allocations failing.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

#include <glob.h>

static struct trace load(const char *path)
{
    char error[400];
    struct trace trace = {0};
    if (!trace_load(&trace, path, SIZE_MAX, error, sizeof error)) {
        (void)fprintf(stderr, "%s\n", error);
        exit(1);
    }
    return trace;
}

static void replay_as_found(const char *path)
{
    struct test_head head = test_head(path);
    struct replay_options options = test_options(test_table_in(head.first));
    if (!options.table)
        return;
    options.config.seed = test_number_after(head.first, "seed");
    options.config.profile = (unsigned)test_number_after(head.first, "profile");
    options.fail = (enum ht_fail)test_number_after(head.first, "fail");
    options.fail_nth = test_number_after(head.first, "nth");
    struct trace trace = load(path);
    struct replay_result result;
    if (!replay_trace(&options, trace.ops, trace.n, &result))
        test_fail(&options, &trace, &result, path);
    trace_free(&trace);
}

static void replay(const char *path, const struct ht_table *t)
{
    struct trace trace = load(path);
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
        replay_as_found(found.gl_pathv[i]);
        FOR_EACH_TABLE(t)
        {
            replay(found.gl_pathv[i], t);
        }
    }
    globfree(&found);
    return 0;
}
