/* ebb digest: one number for all that the tables do with the corpus.
 *
 * Every input and trace of the corpus is replayed on every table that this tree
 * makes, with and without failing allocations; after each step all that the table
 * tells of itself is folded in: entries, slots, bytes, moves. Answers are compared with
 * the model's on the way. Builds of the same sizes must agree to the last bit,
 * whatever the compiler, its options or the sanitizer (scripts/digest).
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "corpus.h"
#include "cpython_profile.h"
#include "hash.h"
#include "say.h"
#include "set.h"
#include "verb.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <string.h>

struct digest {
    uint64_t sum; /* of the runs so far: their order does not matter */
    uint64_t run; /* of the steps of this one: their order does */
    uint64_t runs, steps;
};

static void fold(struct digest *d, uint64_t word)
{
    d->run = ht_mix(d->run ^ word);
}

static void end_run(struct digest *d, uint64_t steps)
{
    d->sum += d->run;
    d->run = 0;
    d->runs++;
    d->steps += steps;
}

static void fold_stats(struct digest *d, const struct ht_stats *s)
{
    const uint64_t words[] = {s->live,    s->dead,       s->slots,    s->usable,  s->reserved,
                              s->held,    s->reported,   s->debt,     s->holding, s->moved,
                              s->shifted, s->moved_most, s->rebuilds, s->visited};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        fold(d, words[i]);
}

/* ---- step by step ---------------------------------------------------------------- */

static void fold_step(void *arg, struct replay *r)
{
    struct ht_stats s;
    replay_current(r, &s);
    fold_stats(arg, &s);
}

static void fold_result(struct digest *d, const struct replay_result *r)
{
    fold_stats(d, &r->stats);
    fold(d, r->held_peak);
    fold(d, r->area);
    fold(d, r->allocations);
    fold(d, r->refused);
    end_run(d, r->steps);
}

/* ---- by the table's own loop --------------------------------------------------- */

static void fold_image(struct digest *d, const struct ht_table *t, const struct ht *table)
{
    size_t n = t->image(table, NULL, 0);
    unsigned char *image = malloc(n + 1);
    CHECK(image && t->image(table, image, n) == n);
    for (size_t i = 0; i < n; i++)
        fold(d, image[i]);
    free(image);
}

/* What the reference rows of a report do, too: a rebuild into as many slots as there
 * are, and one to fit. */
static void fold_rebuilt(struct digest *d, const struct ht_table *t, struct ht *table)
{
    struct ht_stats s;
    t->stats(table, &s);
    for (size_t slots = s.slots;; slots = 0) {
        CHECK(t->rebuild_to(table, slots));
        fold_image(d, t, table);
        if (slots == 0)
            return;
    }
}

static void digest_loop(struct digest *d, const struct corpus_input *in, const struct ht_table *t)
{
    struct ht_op *ops = malloc((in->trace.n + 1) * sizeof *ops);
    struct ht_mem mem;
    struct ht_set set;
    CHECK(ops);
    for (size_t i = 0; i < in->trace.n; i++)
        ops[i] = corpus_step(in, i, t);
    ht_mem_init(&mem);
    ht_set_init(&set, t, &mem, &in->options.config);
    fold(d, t->run(&set, ops, in->trace.n, 0));
    fold(d, mem.peak);
    for (size_t i = 0; i < set.room; i++) {
        if (!set.all[i])
            continue;
        fold_image(d, t, set.all[i]);
        fold_rebuilt(d, t, set.all[i]);
    }
    ht_set_free(&set);
    free(ops);
    end_run(d, in->trace.n);
}

static bool digest_inputs(struct digest *d, const struct corpus *c, const struct ht_table *t)
{
    struct replay_result result;
    for (size_t i = 0; i < c->n; i++) {
        for (int starved = 0; starved <= 1; starved++) {
            if (!corpus_replay(&c->inputs[i], t, starved, fold_step, d, &result)) {
                (void)say("%s: %s: step %" PRIu64 ": %s", c->inputs[i].path, t->name,
                          result.failed_step, result.what);
                return false;
            }
            fold_result(d, &result);
        }
        digest_loop(d, &c->inputs[i], t);
    }
    return true;
}

/* Its checksum must be the recorded one. */
static bool digest_recording(struct digest *d, const char *path, const struct ht_table *t)
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
    int more;
    while ((more = trace_next(reader, &block)) > 0) {
        (void)replay_steps(r, block.ops, block.n, &block.checksum);
        fold(d, block.checksum);
        fold_step(d, r);
    }
    struct replay_result result;
    replay_finish(r, &result);
    if (more < 0)
        (void)say("%s", trace_error(reader));
    else if (result.failed)
        (void)say("%s: %s: %s", path, t->name, result.what);
    trace_close(reader);
    fold_result(d, &result);
    return more == 0 && !result.failed;
}

/* What the readers make of bytes: steps, or a sentence. */
static void digest_bytes(struct digest *d, const unsigned char *bytes, size_t n)
{
    struct trace_reader *reader = trace_open_bytes(bytes, n);
    struct trace_block block;
    uint64_t steps = 0;
    while (trace_next(reader, &block) > 0) {
        for (size_t i = 0; i < block.n; i++) {
            fold(d, block.ops[i].kind);
            fold(d, block.ops[i].key);
        }
        steps += block.n;
    }
    for (const char *c = trace_error(reader); *c; c++)
        fold(d, (unsigned char)*c);
    trace_close(reader);
    end_run(d, steps);
}

/* As they are, and with right hashes, as the fuzz target has it. */
static bool digest_file(struct digest *d, const char *path)
{
    size_t n;
    unsigned char *bytes = corpus_read_file(path, &n);
    if (!bytes) {
        (void)say("%s: %s", path, strerror(errno));
        return false;
    }
    if (n > 0) {
        digest_bytes(d, bytes, n);
        trace_binary_mend(bytes, n);
        digest_bytes(d, bytes, n);
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
                         const struct ht_table *t)
{
    struct digest d = {0};
    glob_t found;
    find(folder, "traces/*.ebt.zst", &found);
    bool good = digest_inputs(&d, c, t);
    for (size_t i = 0; good && i < found.gl_pathc; i++)
        good = digest_recording(&d, found.gl_pathv[i], t);
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
        good = digest_file(&d, found.gl_pathv[i]);
    globfree(&found);
    print("the readers of traces", &d);
    add(all, &d);
    return good;
}

static int run(int argc, char **argv)
{
    struct args args;
    if (!args_parse(&args, argc, argv, "", ""))
        return EBB_USAGE;
    if (args.count > 1)
        return say("digest: takes one folder, got %d", args.count);
    const char *folder = args.count ? args.words[0] : "corpus";
    char error[400];
    struct corpus corpus;
    struct digest all = {0};
    if (!corpus_load(&corpus, folder, error, sizeof error))
        return say("%s", error);
    if (corpus.n == 0)
        return say("digest: no inputs in %s/seed", folder);
    bool good = digest_readers(&all, folder);
    for (size_t i = 0; ht_tables[i]; i++)
        if (ht_tables[i]->image && !digest_table(&all, folder, &corpus, ht_tables[i]))
            good = false;
    corpus_free(&corpus);
    print("digest", &all);
    return good ? EBB_OK : EBB_WRONG;
}

const struct verb verb_digest = {
    .name = "digest",
    .arguments = "[FOLDER]",
    .summary = "one number for all that the tables do with a corpus",
    .help =
        "FOLDER is laid out as corpus/, the default. All its inputs and traces are replayed on\n"
        "every table that can write its image, with and without failing allocations; peers\n"
        "are left out. Builds of the same sizes print the same.\n",
    .run = run,
};
