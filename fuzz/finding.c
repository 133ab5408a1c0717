/* What a fuzzer found, as people read it: the fewest steps that show it, as a text trace
 * for corpus/regress and as a C program that needs the tables alone.
 *
 * usage: finding TARGET INPUT OUT          writes OUT.trace and OUT.c
 *
 * The target says how the input is read; one that reads traces has no steps, so this is
 * for the others. In lockstep the first table that fails is meant. Exit status 1: the
 * input shows nothing (any more).
 *
 * SPDX-License-Identifier: MIT */
#include "apart.h"
#include "files.h"
#include "input.h"
#include "minimise.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPLAYS = 20000 };

static enum input_use use = INPUT_PLAIN;
static struct input found;

static void take(const uint8_t *bytes, size_t n)
{
    if (!input_read(&found, use, bytes, n)) {
        (void)fprintf(stderr, "finding: no input of format %d\n", INPUT_VERSION);
        exit(2);
    }
}

static FILE *create(const char *out, const char *ending)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s%s", out, ending);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(2);
    }
    (void)printf("%s\n", path);
    return file;
}

static void close_written(FILE *file)
{
    if (fclose(file) != 0) {
        perror("finding");
        exit(2);
    }
}

static void write_trace(const char *out, const struct replay_options *o, const struct trace *t,
                        const char *what)
{
    FILE *file = create(out, ".trace");
    (void)fprintf(file, "# table %s seed %" PRIu64 " profile %u fail %d nth %" PRIu64 "\n# %s\n",
                  o->table->name, o->config.seed, o->config.profile, (int)o->fail, o->fail_nth,
                  what);
    for (size_t i = 0; i < t->n; i++) {
        (void)fprintf(file, "%s", trace_kind_name(t->ops[i].kind));
        if (trace_kind_takes(t->ops[i].kind))
            (void)fprintf(file, " %" PRIu64, t->ops[i].key);
        (void)fputc('\n', file);
    }
    close_written(file);
}

/* A step's kind as the enumeration in ht.h spells it. */
static void write_kind(FILE *file, enum ht_kind kind)
{
    (void)fputs("HT_", file);
    for (const char *c = trace_kind_name(kind); *c; c++)
        (void)fputc(toupper((unsigned char)*c), file);
}

#ifdef HT_HARD
static const char sizes[] = "the smallest sizes (EBB_HARD)";
#else
static const char sizes[] = "the sizes of every day";
#endif

static void write_program(const char *out, const struct replay_options *o, const struct trace *t,
                          const char *what)
{
    FILE *file = create(out, ".c");
    (void)fprintf(
        file,
        "/* %s: %s.\n *\n * A test by itself: put it into impl/test. It shows with %s. */\n"
        "#include \"test.h\"\n\n"
        "static const struct ht_op steps[] = {\n",
        o->table->name, what, sizes);
    for (size_t i = 0; i < t->n; i++) {
        (void)fprintf(file, "    {.kind = ");
        write_kind(file, t->ops[i].kind);
        (void)fprintf(file, ", .key = %" PRIu64 "},\n", t->ops[i].key);
    }
    (void)fprintf(file,
                  "};\n\nint main(void)\n{\n"
                  "    struct replay_options options = {\n"
                  "        .table = ht_find_table(\"%s\"),\n"
                  "        .config = {.seed = UINT64_C(%" PRIu64 "), .profile = %u},\n"
                  "        .fail = (enum ht_fail)%d,\n"
                  "        .fail_nth = %" PRIu64 ",\n"
                  "    };\n"
                  "    struct replay_result result;\n"
                  "    CHECK(options.table);\n"
                  "    if (replay_trace(&options, steps, sizeof steps / sizeof *steps, &result))\n"
                  "        return 0;\n"
                  "    (void)fprintf(stderr, \"step %%d: %%s\\n\", (int)result.failed_step, "
                  "result.what);\n"
                  "    return 1;\n}\n",
                  o->table->name, o->config.seed, o->config.profile, (int)o->fail, o->fail_nth);
    close_written(file);
}

/* The trace on one table, as the target would replay it. */
static bool shows(const char *out, struct input *in)
{
    struct ht_op ops[INPUT_STEPS];
    struct replay_result result;
    struct trace t = {0};
    input_steps(in, ops);
    enum apart how = replay_apart(&in->options, ops, in->trace.n, &result);
    if (how == APART_RIGHT)
        return false;
    for (size_t i = 0; i < in->trace.n; i++)
        trace_append(&t, ops[i]);
    if (how != APART_TIMED_OUT)
        minimise(&in->options, &t, REPLAYS);
    (void)replay_apart(&in->options, t.ops, t.n, &result);
    write_trace(out, &in->options, &t, result.what);
    write_program(out, &in->options, &t, result.what);
    (void)printf("%s, %zu steps: %s\n", in->options.table->name, t.n, result.what);
    trace_free(&t);
    return true;
}

static bool shows_in_lockstep(const char *out, struct input *in)
{
    const char *engine = in->options.table->engine;
    for (size_t i = 0; input_table(i); i++) {
        in->options.table = input_table(i);
        if (strcmp(in->options.table->engine, engine) == 0 && shows(out, in))
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc != 4 || strncmp(argv[1], "trace_", 6) == 0) {
        (void)fprintf(stderr,
                      "usage: finding TARGET INPUT OUT (not for targets that read traces)\n");
        return 2;
    }
    use = input_use_of(argv[1]);
    (void)files_each(1, &argv[2], take);
    bool shown = strcmp(argv[1], "lockstep") == 0 ? shows_in_lockstep(argv[3], &found)
                                                  : shows(argv[3], &found);
    if (!shown)
        (void)fprintf(stderr, "finding: %s shows nothing in this build\n", argv[2]);
    input_free(&found);
    return shown ? 0 : 1;
}
