/* ebb article: the article's steps, on dict/cpython and on every other table.
 *
 * A dict is filled and drained, and copied in three ways; a new one is cleared.
 * Every figure is what the table reports of itself at that moment.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "cpython_profile.h"
#include "say.h"
#include "verb.h"

#include <stdio.h>
#include <string.h>

struct person {
    const struct ht_table *table;
    struct ht_mem mem;
    struct ht_config config;
};

static struct ht *new_table(struct person *p)
{
    struct ht *t = p->table->create(&p->mem, &p->config);
    CHECK(t);
    return t;
}

static size_t size_of(const struct person *p, const struct ht *t)
{
    struct ht_stats s;
    p->table->stats(t, &s);
    return s.reported;
}

struct copying {
    const struct ht_table *table;
    struct ht *to;
};

static void put_entry(void *arg, uint64_t key, uint64_t value)
{
    struct copying *c = arg;
    CHECK(c->table->put(c->to, key, value) != HT_NOMEM);
}

static void fill(struct person *p, struct ht *t, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        CHECK(p->table->put(t, i, i) != HT_NOMEM);
}

/* A drained table: copies replace it, so each needs its own. */
static struct ht *drained(struct person *p, uint64_t n)
{
    struct ht *t = new_table(p);
    fill(p, t, n);
    for (uint64_t i = 0; i < n; i++)
        CHECK(p->table->del(t, i));
    return t;
}

enum { FIGURES = 8 };
static const char *const labels[FIGURES] = {
    "new", "filled", "drained", "dict(a)", "copy.copy(a)", "copy.deepcopy(a)", "new", "cleared"};

/* In the article a dict(a), a copy and a deep copy are made of the drained dict;
 * copy.deepcopy() inserts copies one by one into a new dict. */
static void take_figures(struct person *p, uint64_t n, size_t figures[FIGURES])
{
    struct ht *a = new_table(p);
    figures[0] = size_of(p, a);
    fill(p, a, n);
    figures[1] = size_of(p, a);
    p->table->destroy(a);

    a = drained(p, n);
    figures[2] = size_of(p, a);
    struct copying deep = {p->table, new_table(p)};
    p->table->each(a, put_entry, &deep);
    figures[5] = size_of(p, deep.to);
    p->table->destroy(deep.to);
    CHECK(p->table->rebuild_copy(a));
    figures[3] = size_of(p, a);
    p->table->destroy(a);

    a = drained(p, n);
    CHECK(p->table->copy(a));
    figures[4] = size_of(p, a);
    p->table->destroy(a);

    a = new_table(p);
    figures[6] = size_of(p, a);
    p->table->clear(a);
    figures[7] = size_of(p, a);
    p->table->destroy(a);
    CHECK(p->mem.live == 0);
}

static void show(struct person *p, uint64_t n, bool named)
{
    size_t figures[FIGURES];
    ht_mem_init(&p->mem);
    take_figures(p, n, figures);
    for (int i = 0; i < FIGURES; i++)
        (void)printf("%s%s%s\t%zu\n", named ? p->table->name : "", named ? " " : "", labels[i],
                     figures[i]);
}

/* Of the peers the article is about one: what others keep, `ebb keep` tells. */
static bool is_shown(const struct ht_table *t)
{
    if (t->absent || t == ht_find_table("dict/cpython"))
        return false;
    return strcmp(t->engine, "peer") != 0 || t == ht_find_table("peer/cpython_dict");
}

static int run(int argc, char **argv)
{
    struct args args;
    struct person p = {.config = {.seed = 1, .profile = CPYTHON_DEFAULT}};
    uint64_t n = 1000000;
    if (!args_parse(&args, argc, argv, "cpython n", "") ||
        !args_cpython(&args, &p.config.profile) || !args_number(&args, "n", 0, 1000000000, &n))
        return EBB_USAGE;
    if (args.count)
        return say("article: takes no argument, got '%s'", args.words[0]);
    p.table = ht_find_table("dict/cpython");
    show(&p, n, false);
    for (size_t i = 0; ht_tables[i]; i++) {
        p.table = ht_tables[i];
        if (!is_shown(p.table))
            continue;
        (void)putchar('\n');
        show(&p, n, true);
    }
    return EBB_OK;
}

const struct verb verb_article = {
    .name = "article",
    .arguments = "[--cpython VERSION] [--n N]",
    .summary = "the article's steps: a dict is filled, drained, copied, cleared; bytes at each",
    .help = "  --cpython VERSION  profile: 3.6 to 3.13, e.g. 3.7.3 (the default), 3.11\n"
            "  --n N              entries (default 1000000)\n"
            "\n"
            "The first eight lines are dict/cpython: a label, a tab, what sys.getsizeof reports.\n"
            "Below them the same steps on every other table (bytes held; the tables of dict with\n"
            "the object's header), and on the interpreter's own dict, where it is linked.\n",
    .run = run,
};
