/* Every trace that once showed a bug, on every table; and as it was found, where its
 * first line says on which table, with which hash and which allocations failing.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

#include <glob.h>
#include <inttypes.h>

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
    char name[64];
    int mode;
    struct replay_options options = {0};
    FILE *file = fopen(path, "r");
    CHECK(file);
    int read = fscanf(file, "# table %63s seed %" SCNu64 " profile %u fail %d nth %" SCNu64, name,
                      &options.config.seed, &options.config.profile, &mode, &options.fail_nth);
    (void)fclose(file);
    options.table = read == 5 ? ht_find_table(name) : NULL;
    if (!options.table)
        return;
    options.fail = (enum ht_fail)mode;
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
