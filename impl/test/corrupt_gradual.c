/* check() of a table of two storages names every corruption that one has not.
 *
 * SPDX-License-Identifier: MIT */
#pragma GCC diagnostic ignored "-Wunused-function" /* a few operations are used */

#include "engine/linear.h"

#include "strategy/incremental.h"

#include "table.h"

#include "corrupt.h"

enum { MANY = 1000 };

/* With entries in both storages. */
static struct ht *moving_table(void)
{
    struct ht *t = table_of(0);
    for (uint64_t key = 1; !t->moving; key++)
        CHECK(key < MANY && put(t, key, key) == HT_NEW);
    CHECK(t->old.live > 0 && t->core.live > 0 && !check(t));
    return t;
}

static void corrupt_moves(struct ht *t)
{
    size_t live = t->old.live;
    t->moving = false;
    expect(t, "an old storage is held without a move, or none with one");
    t->moving = true;
    t->old.live = 0;
    expect(t, "an empty old storage is kept");
    t->old.live = live + 1;
    expect(t, "live entries counted anew differ from the count kept");
    t->old.live = live + core_view(&t->core).usable;
    expect(t, "more slots are live or dead than are usable");
    t->old.live = live;
}

static void corrupt_sizes(struct ht *t)
{
    struct core core = t->core, old = t->old;
    t->core.mask++;
    t->core.room = core_usable(t->core.mask + 1) - t->core.live;
    expect(t, "the number of slots is none that this engine can have");
    t->core = core;
    t->old.mask++;
    expect(t, "the number of slots is none that this engine can have");
    t->old = old;
}

static void corrupt_keys(struct ht *t)
{
    uint64_t key, value;
    size_t cursor = 0;
    CHECK(core_next(&t->old, &cursor, &key, &value));
    struct place place = core_locate(&t->core, key, ht_hash(key, t->config.seed));
    core_occupy(&t->core, place, key, value);
    expect(t, "a key lies in both storages");
    CHECK(del(t, key));
}

int main(void)
{
    struct ht *t = moving_table();
    corrupt_moves(t);
    corrupt_sizes(t);
    corrupt_keys(t);
    expect_good(t);
    return 0;
}
