/* ebb digest: one number for all that the tables do with the corpus.
 *
 * Every input and trace of the corpus is replayed on every table that this tree
 * makes, with and without failing allocations; what the table tells of itself after
 * each step is folded in: entries, slots, bytes, moves; and what lies in it at the end.
 * Answers are compared with the model's on the way. Builds of the same sizes must
 * agree to the last bit, whatever the compiler, its options or the sanitizer
 * (scripts/digest).
 *
 * SPDX-License-Identifier: MIT */
#include "digest.h"

#include "cpython_profile.h"
#include "hash.h"
#include "say.h"
#include "verb.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HT_CHECKED
enum { IS_CHECKED = true };
#else
enum { IS_CHECKED = false };
#endif

struct digest {
    uint64_t sum; /* of the digests of the runs: their order does not matter */
    uint64_t runs, steps;
};

static void add_run(struct digest *d, uint64_t digest, uint64_t steps)
{
    d->sum += digest;
    d->runs++;
    d->steps += steps;
}

static bool add_input(struct digest *d, const struct corpus_input *in, const struct ht_table *t)
{
    struct replay_result result;
    for (int starved = 0; starved <= 1; starved++) {
        uint64_t digest = digest_steps(in, t, starved, &result);
        if (result.failed) {
            (void)say("%s: %s: step %" PRIu64 ": %s", in->path, t->name, result.failed_step,
                      result.what);
            return false;
        }
        add_run(d, digest, result.steps);
    }
    add_run(d, digest_loop(in, t), in->trace.n);
    return true;
}

/* By the table's own loop; its checksum must be the recorded one. */
static bool add_recording(struct digest *d, const char *path, const struct ht_table *t)
{
    char error[400];
    struct replay_options options = {
        .table = t, .config = {.seed = 1, .profile = CPYTHON_DEFAULT}, .check = REPLAY_BLOCKS};
    struct trace_reader *reader = trace_open(path, error, sizeof error);
    if (!reader) {
        (void)say("%s", error);
        return false;
    }
    struct replay *r = replay_start(&options);
    struct trace_block block;
    uint64_t digest = 0;
    int more;
    while ((more = trace_next(reader, &block)) > 0) {
        (void)replay_steps(r, block.ops, block.n, &block.checksum);
        digest = digest_stats(ht_mix(digest ^ block.checksum), r);
    }
    struct replay_result result;
    replay_finish(r, &result);
    if (more < 0)
        (void)say("%s", trace_error(reader));
    else if (result.failed)
        (void)say("%s: %s: %s", path, t->name, result.what);
    trace_close(reader);
    add_run(d, digest_result(digest, &result), result.steps);
    return more == 0 && !result.failed;
}

/* What the readers make of bytes: steps, or a sentence. */
static void add_bytes(struct digest *d, const unsigned char *bytes, size_t n)
{
    struct trace_reader *reader = trace_open_bytes(bytes, n);
    struct trace_block block;
    uint64_t digest = 0, steps = 0;
    while (trace_next(reader, &block) > 0) {
        for (size_t i = 0; i < block.n; i++)
            digest = ht_mix(ht_mix(digest ^ block.ops[i].kind) ^ block.ops[i].key);
        steps += block.n;
    }
    for (const char *c = trace_error(reader); *c; c++)
        digest = ht_mix(digest ^ (unsigned char)*c);
    trace_close(reader);
    add_run(d, digest, steps);
}

/* As they are, and with right hashes, as the fuzz target has it. */
static bool add_file(struct digest *d, const char *path)
{
    size_t n;
    unsigned char *bytes = corpus_read_file(path, &n);
    if (!bytes) {
        (void)say("%s: %s", path, strerror(errno));
        return false;
    }
    if (n > 0) {
        add_bytes(d, bytes, n);
        trace_binary_mend(bytes, n);
        add_bytes(d, bytes, n);
    }
    free(bytes);
    return true;
}

static void print(const char *name, const struct digest *d)
{
    (void)printf("%-26s %016" PRIx64 " %8" PRIu64 " runs %12" PRIu64 " steps\n", name, d->sum,
                 d->runs, d->steps);
}

static void add(struct digest *all, const struct digest *d)
{
    all->sum = ht_mix(all->sum ^ d->sum);
    all->runs += d->runs;
    all->steps += d->steps;
}

static void find(const char *folder, const char *below, glob_t *found)
{
    char pattern[4096];
    memset(found, 0, sizeof *found);
    (void)snprintf(pattern, sizeof pattern, "%s/%s", folder, below);
    (void)glob(pattern, 0, NULL, found);
}

static bool digest_table(struct digest *all, const char *folder, const struct corpus *c,
                         const struct ht_table *t, bool weak)
{
    struct digest d = {0};
    glob_t found;
    find(folder, "traces/*.ebt.zst", &found);
    bool good = true;
    for (size_t i = 0; good && i < c->n; i++)
        good = (!weak && corpus_weak_hash(&c->inputs[i])) || add_input(&d, &c->inputs[i], t);
    for (size_t i = 0; good && i < found.gl_pathc; i++)
        good = add_recording(&d, found.gl_pathv[i], t);
    globfree(&found);
    print(t->name, &d);
    add(all, &d);
    return good;
}

static bool digest_readers(struct digest *all, const char *folder)
{
    struct digest d = {0};
    glob_t found;
    find(folder, "seed/trace_*/*", &found);
    bool good = true;
    for (size_t i = 0; good && i < found.gl_pathc; i++)
        good = add_file(&d, found.gl_pathv[i]);
    globfree(&found);
    print("the readers of traces", &d);
    add(all, &d);
    return good;
}

static int run(int argc, char **argv)
{
    struct args args;
    if (!args_parse(&args, argc, argv, "", "good-hash"))
        return EBB_USAGE;
    if (args.count > 1)
        return say("digest: takes one folder, got %d", args.count);
    const char *folder = args.count ? args.words[0] : "corpus";
    char error[400];
    struct corpus corpus;
    struct digest all = {0};
    bool weak = IS_CHECKED && !args_get(&args, "good-hash");
    if (args_get(&args, "good-hash"))
        digest_without_probes();
    if (!corpus_load(&corpus, folder, error, sizeof error))
        return say("%s", error);
    if (corpus.n == 0)
        return say("digest: no inputs in %s/seed", folder);
    bool good = digest_readers(&all, folder);
    for (size_t i = 0; ht_tables[i]; i++)
        if (ht_tables[i]->image && !digest_table(&all, folder, &corpus, ht_tables[i], weak))
            good = false;
    corpus_free(&corpus);
    print("digest", &all);
    return good ? EBB_OK : EBB_WRONG;
}

const struct verb verb_digest = {
    .name = "digest",
    .arguments = "[--good-hash] [FOLDER]",
    .summary = "one number for all that the tables do with a corpus",
    .help =
        "FOLDER is laid out as corpus/, the default. All its inputs and traces are replayed on\n"
        "every table that can write its image, with and without failing allocations; peers\n"
        "are left out. Builds of the same sizes print the same; checked ones also count probes "
        "and\n"
        "use weak hashes, but with --good-hash, which is for comparing them with others.\n",
    .run = run,
};
