/* The worst that a search found: of many inputs, for each table the one that retains
 * most for each live entry, and the one with the most work in one step.
 *
 * usage: witness OUT_FOLDER FILE|FOLDER ...
 *
 * Every input is tried on every table. A witness that retains must use at least 95 % of
 * the promised bytes: it shows that the promise cannot be lower. It is cut behind its
 * worst step, and made shorter as long as it stays as bad; then written as a text trace
 * whose first lines impl/test/witness.c reads and repeats.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "climb.h"
#include "files.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum measure { RETAINED, MOVED, MEASURES };
static const char *const names[MEASURES] = {"retained", "moved"};

enum { TABLES = 256, PROMISED_PERCENT = 95 };

struct worst {
    struct input in;
    struct climb_step step;
    bool found;
};

static struct worst worst[TABLES][MEASURES];

static bool uses_promise(const struct climb_step *s)
{
    return s->bound && s->bound != SIZE_MAX && s->held >= s->bound / 100 * PROMISED_PERCENT;
}

/* Is a worse than b? */
static bool is_worse(enum measure m, const struct climb_step *a, const struct climb_step *b)
{
    if (m == MOVED)
        return a->moved > b->moved;
    return climb_retained(a) > climb_retained(b);
}

struct search {
    enum measure measure;
    struct climb_step step; /* the worst step of one input */
    bool found;
};

static void note(void *arg, const struct climb_step *s)
{
    struct search *search = arg;
    if (search->measure == RETAINED && (!uses_promise(s) || !climb_retained(s)))
        return;
    if (s->asked || (search->found && !is_worse(search->measure, s, &search->step)))
        return;
    search->step = *s;
    search->found = true;
}

static struct search search_input(const struct input *in, enum measure measure)
{
    struct search search = {.measure = measure};
    climb(in, note, &search);
    return search;
}

static struct input copy_of(const struct input *in, size_t steps)
{
    struct input copy = {.options = in->options};
    for (size_t i = 0; i < steps && i < in->trace.n; i++)
        trace_append(&copy.trace, in->trace.ops[i]);
    return copy;
}

static void take(const uint8_t *bytes, size_t n)
{
    struct input in;
    if (!input_read(&in, INPUT_PLAIN, bytes, n))
        return;
    for (size_t t = 0; input_table(t); t++) {
        CHECK(t < TABLES);
        in.options.table = input_table(t);
        if (!in.options.table->promise) /* a peer's */
            continue;
        for (enum measure m = 0; m < MEASURES; m++) {
            struct worst *w = &worst[t][m];
            struct search s = search_input(&in, m);
            if (!s.found || (w->found && !is_worse(m, &s.step, &w->step)))
                continue;
            input_free(&w->in);
            *w = (struct worst){copy_of(&in, s.step.step + 1), s.step, true};
        }
    }
    input_free(&in);
}

/* Leaves out every step without which it stays as bad. */
static void shorten(struct worst *w, enum measure m)
{
    for (size_t at = w->in.trace.n; at-- > 0;) {
        struct input less = {.options = w->in.options};
        for (size_t i = 0; i < w->in.trace.n; i++)
            if (i != at)
                trace_append(&less.trace, w->in.trace.ops[i]);
        struct search s = search_input(&less, m);
        if (!s.found || is_worse(m, &w->step, &s.step)) {
            input_free(&less);
            continue;
        }
        input_free(&w->in);
        w->in = less;
        w->step = s.step;
        if (at > w->in.trace.n)
            at = w->in.trace.n;
    }
}

static void write_witness(const char *folder, const struct worst *w, enum measure m)
{
    const struct ht_table *table = w->in.options.table;
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s-%s.%s.trace", folder, table->engine, table->strategy,
                   names[m]);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(2);
    }
    const struct climb_step *s = &w->step;
    (void)fprintf(file, "# table %s seed %" PRIu64 " profile %u\n", table->name,
                  w->in.options.config.seed, w->in.options.config.profile);
    (void)fprintf(file,
                  "# step %" PRIu64
                  " holds %zu of %zu bytes promised, for %zu live; it moved %" PRIu64 " entries\n",
                  s->step, s->held, s->bound, s->live, s->moved);
    struct ht_op ops[INPUT_STEPS];
    input_steps(&w->in, ops);
    for (size_t i = 0; i <= s->step; i++) {
        (void)fprintf(file, "%s", trace_kind_name(ops[i].kind));
        if (trace_kind_takes(ops[i].kind))
            (void)fprintf(file, " %" PRIu64, ops[i].key);
        (void)fputc('\n', file);
    }
    if (fclose(file) != 0) {
        perror(path);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr, "usage: witness OUT_FOLDER FILE|FOLDER ...\n");
        return 2;
    }
    (void)files_each(argc - 2, argv + 2, take);
    for (size_t t = 0; input_table(t); t++) {
        for (enum measure m = 0; m < MEASURES && input_table(t)->promise; m++) {
            struct worst *w = &worst[t][m];
            const char *name = input_table(t)->name;
            if (!w->found) {
                (void)printf("%-26s %-9s no input uses %d %% of the promise\n", name, names[m],
                             PROMISED_PERCENT);
                continue;
            }
            shorten(w, m);
            write_witness(argv[1], w, m);
            (void)printf(
                "%-26s %-9s %6zu of %6zu bytes, %3zu live, %3" PRIu64 " moved, %3zu steps\n", name,
                names[m], w->step.held, w->step.bound, w->step.live, w->step.moved, w->in.trace.n);
        }
    }
    return 0;
}
