/* Which cells a run consists of; see plan.h.
 *
 * SPDX-License-Identifier: MIT */
#include "plan.h"

#include "check.h"
#include "pair.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* Rounds of a cell in one process. FULL=1 repeats cells in other processes as well. */
static unsigned rounds_for(enum plan_mode mode, uint64_t n)
{
    return mode == PLAN_FULL && n <= 100000 ? 2 : 1;
}

/* ---- arms ------------------------------------------------------------------- */

static struct arm *add_arm(struct cell *c, const struct ht_table *t, enum arm_kind kind)
{
    static const char *const suffix[] = {"", "=same", "=fit"};
    c->arms = realloc(c->arms, (c->arm_count + 1) * sizeof *c->arms);
    CHECK(c->arms);
    struct arm *arm = &c->arms[c->arm_count++];
    memset(arm, 0, sizeof *arm);
    arm->table = t;
    arm->kind = kind;
    if (kind == ARM_TABLE)
        (void)snprintf(arm->name, sizeof arm->name, "%s", t->name);
    else
        (void)snprintf(arm->name, sizeof arm->name, "%s/%s", t->engine, suffix[kind]);
    return arm;
}

/* Peers take as long as our tables together: by default only the harness alone. */
static bool is_asked_for(const struct ht_table *t, const struct plan_options *o)
{
    if (ht_is_peer(t) && !o->table && !o->peers)
        return false;
    return !t->absent && ht_glob(o->table, t->name);
}

/* The tables, and for each engine among them the two reference rows, made from
 * its tombstone table. */
static void add_arms(struct cell *c, const struct plan_options *o)
{
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *t = ht_tables[i];
        if (!is_asked_for(t, o))
            continue;
        (void)add_arm(c, t, ARM_TABLE);
        if (c->workload && t->rebuild_to && strcmp(t->strategy, "tombstone") == 0) {
            (void)add_arm(c, t, ARM_FRESH_SAME);
            (void)add_arm(c, t, ARM_FRESH_FIT);
        }
    }
}

/* ---- cells ------------------------------------------------------------------ */

static struct cell *add_cell(struct plan *plan, const struct plan_options *o)
{
    plan->cells = realloc(plan->cells, (plan->count + 1) * sizeof *plan->cells);
    CHECK(plan->cells);
    struct cell *c = &plan->cells[plan->count++];
    memset(c, 0, sizeof *c);
    c->seed = o->seed;
    c->order = o->order;
    return c;
}

static void add_workload(struct plan *plan, const struct plan_options *o, const struct workload *w,
                         unsigned variant, uint64_t n, enum key_kind keys, enum pages pages)
{
    char title[80];
    workload_title(w, variant, title, sizeof title);
    if (!ht_glob(o->workload, title) && !ht_glob(o->workload, w->name))
        return;
    struct cell *c = add_cell(plan, o);
    memcpy(c->title, title, sizeof title);
    c->workload = w;
    c->variant = variant;
    c->n = n;
    c->keys = keys;
    c->pages = pages;
    c->rounds = rounds_for(o->mode, n);
    add_arms(c, o);
}

enum which { ALL, HEADLINES };

/* Is the workload, in this form, that of a headline? */
static bool is_headline(const struct workload *w, unsigned variant)
{
    char title[80];
    workload_title(w, variant, title, sizeof title);
    for (const struct pair *p = pairs; p->name; p++)
        if (!p->control && strcmp(p->workload, title) == 0)
            return true;
    return false;
}

static void add_workloads(struct plan *plan, const struct plan_options *o, enum which which,
                          uint64_t n, enum key_kind keys, enum pages pages)
{
    for (size_t i = 0; workloads[i]; i++)
        for (unsigned v = 0; v < workload_forms(workloads[i]); v++)
            if (which == ALL || is_headline(workloads[i], v))
                add_workload(plan, o, workloads[i], v, n, keys, pages);
}

/* "corpus/traces/cc1.ebt.zst" becomes the cell "real.cc1". */
static void add_trace(struct plan *plan, const struct plan_options *o, const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    char title[80];
    (void)snprintf(title, sizeof title, "real.%.*s", (int)strcspn(name, "."), name);
    if (!ht_glob(o->workload, title) && !ht_glob(o->workload, "real"))
        return;
    struct cell *c = add_cell(plan, o);
    memcpy(c->title, title, sizeof title);
    (void)snprintf(c->path, sizeof c->path, "%s", path);
    c->keys = KEYS_POINTER;
    c->rounds = rounds_for(o->mode, 100000);
    add_arms(c, o);
}

static void add_traces(struct plan *plan, const struct plan_options *o)
{
    char pattern[400];
    glob_t found;
    if (!o->traces)
        return;
    (void)snprintf(pattern, sizeof pattern, "%s/*.ebt*", o->traces);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        add_trace(plan, o, found.gl_pathv[i]);
    globfree(&found);
}

/* The sizes and variations of each mode. The cold cells of the default run are
 * the article's case only: there the pages go back to the kernel. */
static void add_mode(struct plan *plan, const struct plan_options *o)
{
    if (o->n) {
        add_workloads(plan, o, ALL, o->n, KEYS_RANDOM, PAGES_WARM);
        if (o->mode == PLAN_FULL)
            add_workloads(plan, o, ALL, o->n, KEYS_RANDOM, PAGES_COLD);
    } else if (o->mode == PLAN_QUICK) {
        add_workloads(plan, o, ALL, 2000, KEYS_RANDOM, PAGES_WARM);
    } else if (o->mode == PLAN_DEFAULT) {
        add_workloads(plan, o, ALL, 100000, KEYS_RANDOM, PAGES_WARM);
        add_workloads(plan, o, HEADLINES, 1000000, KEYS_RANDOM, PAGES_WARM);
        unsigned variant;
        const struct workload *article = workload_find("fill_drain.random", &variant);
        add_workload(plan, o, article, variant, 1000000, KEYS_RANDOM, PAGES_COLD);
    } else {
        for (uint64_t n = 1000; n <= 1000000; n *= 10)
            add_workloads(plan, o, ALL, n, KEYS_RANDOM, PAGES_WARM);
        for (unsigned keys = KEYS_SEQUENTIAL; keys < KEY_KINDS; keys++)
            add_workloads(plan, o, ALL, 100000, (enum key_kind)keys, PAGES_WARM);
        add_workloads(plan, o, HEADLINES, 1000000, KEYS_RANDOM, PAGES_COLD);
        add_workloads(plan, o, HEADLINES, 10000000, KEYS_RANDOM, PAGES_WARM);
    }
    add_traces(plan, o);
}

static void require_tables(const char *table)
{
    bool any = false;
    for (size_t i = 0; ht_tables[i]; i++)
        any |= !ht_tables[i]->absent && ht_glob(table, ht_tables[i]->name);
    if (any)
        return;
    (void)fprintf(stderr, "ebb-bench: unknown table '%s' (known:", table);
    for (size_t i = 0; ht_tables[i]; i++)
        if (!ht_tables[i]->absent)
            (void)fprintf(stderr, " %s", ht_tables[i]->name);
    (void)fputs("; * and ? match)\n", stderr);
    exit(2);
}

void plan_make(struct plan *plan, const struct plan_options *o)
{
    *plan = (struct plan){0};
    require_tables(o->table);
    add_mode(plan, o);
    if (plan->count)
        return;
    (void)fprintf(stderr, "ebb-bench: unknown workload '%s' (known:", o->workload);
    for (size_t i = 0; workloads[i]; i++)
        (void)fprintf(stderr, " %s", workloads[i]->name);
    (void)fputs(" real; NAME.VARIANT, * and ? match)\n", stderr);
    exit(2);
}
