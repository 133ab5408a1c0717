/* What the interface says and no trace can ask: a promise in words and figures, a pop where no
 * order is kept, a floor for which there is no size, and strategies that leave it to `after_del`
 * what a compact or a copy does not settle.
 *
 * SPDX-License-Identifier: MIT */
#pragma GCC diagnostic ignored "-Wunused-function" /* a few operations are used */

#include "engine/linear.h"

#include "policy.h"

#define STRATEGY_NEEDS 0u

static size_t room(struct view v)
{
    return fit(v.live + 1 > v.reserved ? v.live + 1 : v.reserved);
}

static size_t shrink(struct view v)
{
    size_t slots = fit(v.live > v.reserved ? v.live : v.reserved);
    return slots < v.slots ? slots : HT_KEEP;
}

static size_t clone(struct view v)
{
    (void)v;
    return HT_CLONE;
}

static const char strategy_summary[] = "a compact and a copy end a reservation, and do no more";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_PEAK, .words = "-"},
    .make_room = room,
    .after_del = shrink,
    .on_clear = shrink,
    .on_copy = clone,
};

#include "table.h"

#include "cpython_profile.h"
#include "test.h"

TEST_WISHES_BEYOND_MEMORY

HT_TABLE_AS(table_contract, "linear", "contract");

enum { FLOOR = 100 };

/* With one entry, where the floor has room for many; then `end` ends the reservation. */
static void settles(bool (*end)(struct ht *))
{
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    struct ht_mem mem;
    struct ht_stats s;
    ht_mem_init(&mem);
    struct ht *t = create(&mem, &config);
    CHECK(t && reserve(t, FLOOR) && put(t, 1, 1) == HT_NEW);
    stats(t, &s);
    CHECK(s.reserved == FLOOR && s.usable >= FLOOR);
    CHECK(end(t));
    stats(t, &s);
    CHECK(s.reserved == 0 && s.live == 1 && s.slots == fit(1));
    destroy(t);
    CHECK(mem.live == 0 && mem.handles == 0);
}

static void pops_where_no_order_is(void)
{
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *table = ht_tables[i];
        if (table->absent || (table->traits & (HT_ORDERED | HT_SILENT)))
            continue;
        struct ht_mem mem;
        uint64_t key, value;
        ht_mem_init(&mem);
        struct ht *t = table->create(&mem, &config);
        CHECK(t && table->put(t, 1, 1) == HT_NEW && !table->pop(t, &key, &value));
        CHECK(table->get(t, 1, &value) && value == 1);
        table->destroy(t);
    }
}

/* The most that is not refused at once: no size holds so many, or no memory half of them. */
static void reserves_too_much(void)
{
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *table = ht_tables[i];
        if (!table->promise)
            continue;
        struct ht_mem mem;
        struct ht_stats s;
        ht_mem_init(&mem);
        struct ht *t = table->create(&mem, &config);
        CHECK(t && table->put(t, 1, 1) == HT_NEW);
        size_t held = mem.live;
        for (size_t entries = HT_MOST; entries > HT_MOST / 4; entries /= 2) {
            bool ignored = table->reserve(t, entries);
            table->stats(t, &s);
            CHECK(s.reserved == 0 && mem.live == held && (ignored || mem.refused));
        }
        table->destroy(t);
    }
}

/* A promise that could not be broken, or has no words, is none. */
static void promises_say_something(void)
{
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_promise *p = ht_tables[i]->promise;
        if (ht_tables[i]->absent || !p)
            continue;
        (void)printf("%s: %s\n", ht_tables[i]->name, p->words ? p->words : "no words");
        CHECK(p->words && *p->words);
        CHECK(p->shape != HT_PROMISE_FACTOR || (p->num > 0 && p->num <= p->den));
        CHECK(p->shape != HT_PROMISE_EACH || (p->num > 0 && p->den > 0));
    }
}

int main(void)
{
    promises_say_something();

    settles(compact);
    settles(copy);
    pops_where_no_order_is();
    reserves_too_much();
    return 0;
}
