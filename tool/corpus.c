/* Reads and replays the corpus; see corpus.h.
 *
 * SPDX-License-Identifier: MIT */
#include "corpus.h"

#include "check.h"
#include "cpython_profile.h"
#include "hash.h"
#include "input.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

bool corpus_weak_hash(const struct corpus_input *in)
{
    return in->options.config.seed >> HT_HASH_SHIFT != HT_HASH_GOOD;
}

unsigned char *corpus_read_file(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct stat about;
    CHECK(fstat(fileno(file), &about) == 0);
    unsigned char *bytes = malloc((size_t)about.st_size + 1);
    CHECK(bytes);
    *n = fread(bytes, 1, (size_t)about.st_size, file);
    (void)fclose(file);
    return bytes;
}

static struct corpus_input *append(struct corpus *c, const char *path)
{
    c->inputs = realloc(c->inputs, (c->n + 1) * sizeof *c->inputs);
    CHECK(c->inputs);
    struct corpus_input *in = &c->inputs[c->n++];
    *in = (struct corpus_input){.path = strdup(path)};
    CHECK(in->path);
    return in;
}

/* Of the target in whose folder the file is. */
static enum input_use use_of(const char *path)
{
    char target[64] = "";
    const char *seed = strstr(path, "/seed/");
    if (seed)
        (void)snprintf(target, sizeof target, "%.*s", (int)strcspn(seed + 6, "/"), seed + 6);
    return input_use_of(target);
}

static bool load_seed(struct corpus *c, const char *path, char *error, size_t room)
{
    size_t n;
    unsigned char *bytes = corpus_read_file(path, &n);
    struct input decoded;
    if (!bytes) {
        (void)snprintf(error, room, "%s: %s", path, strerror(errno));
        return false;
    }
    if (input_read(&decoded, use_of(path), bytes, n)) {
        struct corpus_input *in = append(c, path);
        in->options = decoded.options;
        /* As the target no_memory has it. */
        in->options.fail = bytes[4] % 2 ? HT_FAIL_ONCE : HT_FAIL_FOREVER;
        in->trace = decoded.trace;
    } else {
        (void)fprintf(stderr, "%s: of another version: left out\n", path);
        input_free(&decoded);
    }
    free(bytes);
    return true;
}

static bool load_trace(struct corpus *c, const char *path, char *error, size_t room)
{
    struct corpus_input *in = append(c, path);
    in->options = (struct replay_options){
        .config = {.seed = 1, .profile = CPYTHON_DEFAULT}, .fail = HT_FAIL_ONCE, .fail_nth = 2};
    return trace_load(&in->trace, path, SIZE_MAX, error, room);
}

static bool reads_traces(const char *path)
{
    return strstr(path, "/seed/trace_") != NULL;
}

bool corpus_load(struct corpus *c, const char *folder, char *error, size_t room)
{
    char pattern[4096];
    glob_t found = {0};
    *c = (struct corpus){0};
    (void)snprintf(pattern, sizeof pattern, "%s/seed/*/*", folder);
    (void)glob(pattern, 0, NULL, &found);
    (void)snprintf(pattern, sizeof pattern, "%s/*/*.trace", folder);
    (void)glob(pattern, GLOB_APPEND, NULL, &found);
    bool good = true;
    for (size_t i = 0; good && i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        if (!strstr(path, "/seed/"))
            good = load_trace(c, path, error, room);
        else if (!reads_traces(path))
            good = load_seed(c, path, error, room);
    }
    globfree(&found);
    return good;
}

void corpus_free(struct corpus *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->inputs[i].path);
        trace_free(&c->inputs[i].trace);
    }
    free(c->inputs);
}

struct ht_op corpus_step(const struct corpus_input *in, size_t i, const struct ht_table *table)
{
    struct ht_op op = in->trace.ops[i];
    if (op.kind == HT_POP && !(table->traits & HT_ORDERED))
        op.kind = HT_GET;
    return op;
}

bool corpus_replay(const struct corpus_input *in, const struct ht_table *table, bool starved,
                   void (*after)(void *, struct replay *), void *arg, struct replay_result *result)
{
    struct replay_options options = in->options;
    options.table = table;
    options.check = REPLAY_STEPS;
    if (!starved)
        options.fail = HT_FAIL_NEVER;
    struct replay *r = replay_start(&options);
    for (size_t i = 0; i < in->trace.n; i++) {
        struct ht_op op = corpus_step(in, i, table);
        if (!replay_steps(r, &op, 1, NULL))
            break;
        if (after)
            after(arg, r);
    }
    replay_finish(r, result);
    return !result->failed;
}
