/* The tables of one trace; see set.h.
 *
 * SPDX-License-Identifier: MIT */
#include "set.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

void ht_set_init(struct ht_set *set, const struct ht_table *table, struct ht_mem *mem,
                 const struct ht_config *config)
{
    memset(set, 0, sizeof *set);
    set->table = table;
    set->mem = mem;
    set->config = *config;
}

void ht_set_free(struct ht_set *set)
{
    for (size_t i = 0; i < set->room; i++)
        if (set->all[i])
            set->table->destroy(set->all[i]);
    free(set->all);
    set->all = NULL;
    set->room = 0;
}

/* The list of tables is the harness's, not the table's: it comes from malloc,
 * is not counted, and its failure is the harness's end. */
static void make_number_valid(struct ht_set *set, size_t number)
{
    if (number < set->room)
        return;
    size_t room = set->room ? set->room : 1;
    while (room <= number)
        room *= 2;
    set->all = realloc(set->all, room * sizeof *set->all);
    CHECK(set->all);
    memset(set->all + set->room, 0, (room - set->room) * sizeof *set->all);
    set->room = room;
}

bool ht_set_use(struct ht_set *set, uint64_t number)
{
    CHECK(number < HT_TABLES_MAX);
    make_number_valid(set, (size_t)number);
    if (!set->all[number]) {
        struct ht *t = set->table->create(set->mem, &set->config);
        if (!t)
            return false;
        set->all[number] = t;
    }
    set->current = (size_t)number;
    return true;
}

struct ht *ht_set_current(struct ht_set *set)
{
    return ht_set_use(set, set->current) ? set->all[set->current] : NULL;
}

static void add_work(struct ht_stats *sum, const struct ht_stats *s)
{
    sum->moved += s->moved;
    sum->shifted += s->shifted;
    sum->rebuilds += s->rebuilds;
    sum->visited += s->visited;
    if (s->moved_most > sum->moved_most)
        sum->moved_most = s->moved_most;
}

void ht_set_drop(struct ht_set *set)
{
    make_number_valid(set, set->current);
    struct ht *t = set->all[set->current];
    if (!t)
        return;
    struct ht_stats s;
    set->table->stats(t, &s);
    add_work(&set->gone, &s);
    set->table->destroy(t);
    set->all[set->current] = NULL;
}

static void add_stats(struct ht_stats *sum, const struct ht_stats *s)
{
    add_work(sum, s);
    sum->live += s->live;
    sum->dead += s->dead;
    sum->slots += s->slots;
    sum->usable += s->usable;
    sum->reserved += s->reserved;
    sum->held += s->held;
    sum->reported += s->reported;
    sum->debt |= s->debt;
    sum->holding |= s->holding;
}

void ht_set_stats(const struct ht_set *set, struct ht_stats *sum)
{
    *sum = set->gone;
    for (size_t i = 0; i < set->room; i++) {
        if (!set->all[i])
            continue;
        struct ht_stats s;
        set->table->stats(set->all[i], &s);
        add_stats(sum, &s);
    }
}

/* A `use` brings its own table, a `drop` needs none: creating one for them
 * would count bytes that the trace never asked for. */
static struct ht *table_for(struct ht_set *set, const struct ht_op *ops, size_t n)
{
    if (n == 0 || ops[0].kind >= HT_USE)
        return NULL;
    struct ht *t = ht_set_current(set);
    CHECK(t);
    return t;
}

struct ht *ht_set_enter(struct ht_set *set, const struct ht_op *ops, size_t n)
{
    return table_for(set, ops, n);
}

struct ht *ht_set_move(struct ht_set *set, const struct ht_op *ops, size_t n)
{
    if (ops[0].kind == HT_USE)
        CHECK(ht_set_use(set, ops[0].key));
    else
        ht_set_drop(set);
    return table_for(set, ops + 1, n - 1);
}
