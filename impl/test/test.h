/* What the tests share: random traces, and saying which trace failed.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_TEST_H
#define EBB_TEST_H

#include "check.h"
#include "cpython_profile.h"
#include "hash.h"
#include "minimise.h"
#include "replay.h"

#include <stdio.h>
#include <string.h>

/* Tables that answer. */
#define FOR_EACH_TABLE(t)                                                                          \
    for (size_t t##_at = 0; ht_tables[t##_at]; t##_at++)                                           \
        for (const struct ht_table *t = ht_tables[t##_at];                                         \
             t && !t->absent && !(t->traits & HT_SILENT); t = NULL)

static inline struct replay_options test_options(const struct ht_table *table)
{
    return (struct replay_options){.table = table,
                                   .config = {.seed = 1, .profile = CPYTHON_DEFAULT}};
}

/* A random trace of `n` steps by the fuzzers' decoder; `pop` becomes `get`
 * unless wanted. */
static inline struct trace test_random_trace(uint64_t seed, size_t n, unsigned keys, bool pop)
{
    struct trace trace = {0};
    for (size_t i = 0; i < n; i++) {
        uint64_t random = ht_mix(seed * 1000003 + i);
        unsigned char bytes[2] = {(unsigned char)random, (unsigned char)((random >> 8) % keys)};
        trace_decode(&trace, bytes, sizeof bytes);
        if (trace.ops[i].kind == HT_POP && !pop)
            trace.ops[i].kind = HT_GET;
    }
    return trace;
}

enum { TEST_LINE = 400 };

/* The first two lines of a text trace, where it says how it was found. */
struct test_head {
    char first[TEST_LINE], second[TEST_LINE];
};

static inline struct test_head test_head(const char *path)
{
    struct test_head head = {0};
    FILE *file = fopen(path, "r");
    CHECK(file);
    if (fgets(head.first, TEST_LINE, file))
        (void)fgets(head.second, TEST_LINE, file);
    (void)fclose(file);
    return head;
}

/* The table after "table " in a line, or NULL. */
static inline const struct ht_table *test_table_in(const char *line)
{
    char name[64];
    const char *at = strstr(line, "table ");
    if (!at)
        return NULL;
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 6, " \n"), at + 6);
    return ht_find_table(name);
}

/* In a test that asks for more memory than there is: to see it refused is for the table, not for
 * the sanitizer. */
#define TEST_WISHES_BEYOND_MEMORY                                                                  \
    const char *__asan_default_options(void);                                                      \
    const char *__asan_default_options(void)                                                       \
    {                                                                                              \
        return "allocator_may_return_null=1";                                                      \
    }

/* The number after a word and a space in a line; the word must be there. */
static inline uint64_t test_number_after(const char *line, const char *word)
{
    const char *at = strstr(line, word);
    char *end;
    CHECK(at && at[strlen(word)] == ' ');
    uint64_t number = strtoull(at + strlen(word) + 1, &end, 10);
    CHECK(end > at + strlen(word) + 1);
    return number;
}

/* Minimises and prints a failing trace, and ends the test. */
static inline void test_fail(const struct replay_options *options, struct trace *trace,
                             const struct replay_result *result, const char *what)
{
    (void)fprintf(stderr, "%s: %s: step %llu: %s\n", what, options->table->name,
                  (unsigned long long)result->failed_step, result->what);
    minimise(options, trace, 5000);
    if (!options->fail && options->config.seed >> HT_HASH_SHIFT == HT_HASH_GOOD)
        (void)fprintf(stderr,
                      "  # in FILE, for this build: ebb replay --table %s --seed %llu FILE\n",
                      options->table->name, (unsigned long long)options->config.seed);
    for (size_t i = 0; i < trace->n; i++) {
        (void)fprintf(stderr, "  %s", trace_kind_name(trace->ops[i].kind));
        if (trace_kind_takes(trace->ops[i].kind))
            (void)fprintf(stderr, " %llu", (unsigned long long)trace->ops[i].key);
        (void)fputc('\n', stderr);
    }
    exit(1);
}

#endif
