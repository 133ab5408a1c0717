/* Folds what tables do into numbers; see digest.h.
 *
 * SPDX-License-Identifier: MIT */
#include "digest.h"

#include "check.h"
#include "hash.h"
#include "probes.h"
#include "set.h"

static bool leaves_out_probes;

static void fold(uint64_t *digest, uint64_t word)
{
    *digest = ht_mix(*digest ^ word);
}

static void fold_stats(uint64_t *digest, const struct ht_stats *s)
{
    const uint64_t words[] = {s->live,    s->dead,       s->slots,    s->usable,  s->reserved,
                              s->held,    s->reported,   s->debt,     s->holding, s->moved,
                              s->shifted, s->moved_most, s->rebuilds, s->visited};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        fold(digest, words[i]);
    fold(digest, leaves_out_probes || s->probed == ht_probes); /* fold_probes has how many */
}

uint64_t digest_stats(uint64_t digest, struct replay *r)
{
    struct ht_stats s;
    replay_current(r, &s);
    fold_stats(&digest, &s);
    return digest;
}

uint64_t digest_result(uint64_t digest, const struct replay_result *r)
{
    fold_stats(&digest, &r->stats);
    fold(&digest, r->held_peak);
    fold(&digest, r->area);
    fold(&digest, r->allocations);
    fold(&digest, r->refused);
    return digest;
}

void digest_without_probes(void)
{
    leaves_out_probes = true;
}

/* Slots probed since `before`, where they are counted. */
static void fold_probes(uint64_t *digest, uint64_t before)
{
    fold(digest, leaves_out_probes ? 0 : (uint64_t)ht_probes - before);
}

static void fold_step(void *digest, struct replay *r)
{
    *(uint64_t *)digest = digest_stats(*(uint64_t *)digest, r);
}

uint64_t digest_steps(const struct corpus_input *in, const struct ht_table *t, bool starved,
                      struct replay_result *result)
{
    uint64_t digest = 0, probes = ht_probes;
    (void)corpus_replay(in, t, starved, fold_step, &digest, result);
    fold_probes(&digest, probes);
    return digest_result(digest, result);
}

static void fold_image(uint64_t *digest, const struct ht_table *t, const struct ht *table)
{
    size_t n = t->image(table, NULL, 0);
    unsigned char *image = malloc(n + 1);
    CHECK(image && t->image(table, image, n) == n);
    for (size_t i = 0; i < n; i++)
        fold(digest, image[i]);
    free(image);
}

static void fold_rebuilt(uint64_t *digest, const struct ht_table *t, struct ht *table)
{
    struct ht_stats s;
    t->stats(table, &s);
    if (s.slots) {
        CHECK(t->rebuild_to(table, s.slots));
        fold_image(digest, t, table);
    }
    CHECK(t->rebuild_to(table, 0));
    fold_image(digest, t, table);
}

uint64_t digest_loop(const struct corpus_input *in, const struct ht_table *t)
{
    struct ht_op *ops = malloc((in->trace.n + 1) * sizeof *ops);
    struct ht_mem mem;
    struct ht_set set;
    uint64_t digest = 0, probes = ht_probes;
    CHECK(ops);
    for (size_t i = 0; i < in->trace.n; i++)
        ops[i] = corpus_step(in, i, t);
    ht_mem_init(&mem);
    ht_set_init(&set, t, &mem, &in->options.config);
    fold(&digest, t->run(&set, ops, in->trace.n, 0));
    fold(&digest, mem.peak);
    for (size_t i = 0; i < set.room; i++) {
        if (!set.all[i])
            continue;
        struct ht_stats s;
        t->stats(set.all[i], &s);
        fold_stats(&digest, &s);
        fold_image(&digest, t, set.all[i]);
        if (t->rebuild_to)
            fold_rebuilt(&digest, t, set.all[i]);
    }
    fold_probes(&digest, probes);
    ht_set_free(&set);
    fold(&digest, mem.live + mem.handles);
    free(ops);
    return digest;
}
