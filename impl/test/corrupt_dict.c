/* check() of dict names every corruption; and the widths of an index that no table of a
 * test is large enough for.
 *
 * SPDX-License-Identifier: MIT */
#pragma GCC diagnostic ignored "-Wunused-function" /* a few operations are used */

#include "engine/dict.h"

#include "strategy/tombstone.h"

#include "table.h"

#include "corrupt.h"

enum { KEYS = 4 };

static void corrupt_counts(void)
{
    struct ht *t = table_of(KEYS);
    struct core right = t->core;
    struct keys keys = *t->core.keys;
    t->core.live--;
    expect(t, "live entries counted anew differ from the count kept");
    t->core = right;
    t->core.keys->extent = core_usable(keys.slots) - keys.budget + 1;
    expect(t, "the log is longer than the budget spent on it");
    *t->core.keys = keys;
    t->core.live = core_usable(keys.slots) + 1;
    t->core.keys->budget = SIZE_MAX; /* dead, by the counts: none */
    expect(t, "more slots are live or dead than are usable");
    t->core = right;
    *t->core.keys = keys;
    t->core.keys->slots--;
    t->core.keys->budget = 0;
    expect(t, "the number of slots is none that this engine can have");
    *t->core.keys = keys;
    expect_good(t);

    t = table_of(0);
    t->core.live = 1;
    expect(t, "the static empty table has live entries");
    CHECK(strcmp(core_check(&t->core), "the static empty table has live entries") == 0);
    t->core.live = 0;
    expect_good(t);
}

static size_t empty_slot(const struct core *c)
{
    size_t i = 0;
    while (index_get(c, i) != INDEX_EMPTY)
        i++;
    return i;
}

static void corrupt_index(void)
{
    struct ht *t = table_of(KEYS);
    struct core *c = &t->core;
    struct place first = place_of(t, 1);
    size_t empty = empty_slot(c);
    int64_t index[64];
    CHECK(c->mask < 64);
    for (size_t i = 0; i <= c->mask; i++)
        index[i] = index_get(c, i);

    c->log[c->keys->extent].hash = 1; /* beyond the log, though it looks live */
    index_set(c, first.slot, (int64_t)c->keys->extent);
    expect(t, "an index slot refers to a hole or beyond the log");
    index_set(c, first.slot, first.position);

    uint64_t hash = c->log[first.position].hash;
    c->log[first.position].hash = 0;
    expect(t, "an index slot refers to a hole or beyond the log");
    c->log[first.position].hash = hash;

    for (size_t i = 0; i <= c->mask; i++)
        if (index[i] == INDEX_EMPTY)
            index_set(c, i, INDEX_DUMMY);
    expect(t, "no index slot is empty: a probe would not end");
    for (size_t i = 0; i <= c->mask; i++)
        index_set(c, i, index[i]);

    index_set(c, empty, first.position);
    expect(t, "index slots in use differ from the live entries");
    index_set(c, empty, INDEX_EMPTY);

    index_set(c, first.slot, INDEX_DUMMY);
    expect(t, "a live key is not found where it lies");
    index_set(c, first.slot, first.position);
    expect_good(t);
}

/* A second log position with a key that lies in the first. */
static void corrupt_log(void)
{
    struct ht *t = table_of(KEYS);
    struct core *c = &t->core;
    struct place first = place_of(t, 1), second = place_of(t, 2);
    struct entry right = c->log[second.position];
    c->log[second.position] = c->log[first.position];
    expect(t, "a key lies in two log positions");
    c->log[second.position] = right;
    expect_good(t);
}

/* 8 bytes from 2^32 slots on: 160 GiB, so the index is written by hand. */
static void wide_index(void)
{
    static const struct {
        size_t slots, width;
    } widths[] = {{0xff, 1},         {0x100, 2},      {0xffff, 2},
                  {0x10000, 4},      {0xffffffff, 4}, {UINT64_C(0x100000000), 8},
                  {SIZE_MAX / 64, 8}};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        CHECK(index_width(widths[i].slots) == widths[i].width);

    int64_t index[4] = {0};
    struct keys keys = {.slots = 4, .width = 8};
    struct core c = {.keys = &keys, .index = index, .mask = 3};
    index_set(&c, 2, INT64_C(0x123456789ab));
    index_set(&c, 3, INDEX_DUMMY);
    CHECK(index[0] == 0 && index[1] == 0 && index[2] == INT64_C(0x123456789ab) &&
          index[3] == INDEX_DUMMY);
    CHECK(index_get(&c, 2) == INT64_C(0x123456789ab) && index_get(&c, 3) == INDEX_DUMMY);
}

int main(void)
{
    corrupt_counts();
    corrupt_index();
    corrupt_log();
    wide_index();
    return 0;
}
