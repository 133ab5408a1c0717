/* check() of group names every corruption.
 *
 * SPDX-License-Identifier: MIT */
#pragma GCC diagnostic ignored "-Wunused-function" /* a few operations are used */

#include "engine/group.h"

#include "strategy/tombstone.h"

#include "table.h"

#include "corrupt.h"

enum { KEYS = 40 };

static void corrupt_counts(void)
{
    struct ht *t = table_of(KEYS);
    struct core right = t->core;
    t->core.live++;
    expect(t, "live entries counted anew differ from the count kept");
    t->core = right;
    t->core.room++;
    expect(t, "live entries and room differ from what is usable");
    t->core = right;
    expect_good(t);

    t = table_of(0);
    t->core.live = 1;
    CHECK(strcmp(core_check(&t->core), "the static empty table has live entries") == 0);
    t->core.live = 0;
    expect_good(t);
}

/* In every live slot in turn: another tag, and the key of another. */
static void corrupt_slots(void)
{
    struct ht *t = table_of(KEYS);
    struct core *c = &t->core;
    bool last = false;
    for (size_t i = 0; i < slots_of(c); i++) {
        struct group *g = &c->groups[i / GROUP_SLOTS];
        if (!(group_live(g) >> i % GROUP_SLOTS & 1))
            continue;
        last |= i / GROUP_SLOTS == c->mask;
        unsigned char tag = g->byte[TAGS_AT + i % GROUP_SLOTS];
        group_tag(g, (unsigned)(i % GROUP_SLOTS), tag == 1 ? 2 : 1);
        expect(t, "a live key is not found where it lies");
        group_tag(g, (unsigned)(i % GROUP_SLOTS), tag);
    }
    CHECK(last); /* or the last group was never corrupted */
    expect_good(t);
}

/* The same key in a second slot of its group, and there under another tag. */
static void corrupt_twice(void)
{
    struct ht *t = table_of(KEYS);
    struct core *c = &t->core;
    size_t slot = (size_t)(place_of(t, 1).entry - c->entries);
    struct group *g = &c->groups[slot / GROUP_SLOTS];
    unsigned others = group_live(g) & ~((2u << slot % GROUP_SLOTS) - 1);
    for (uint64_t key = 2; !others; key++) {
        slot = (size_t)(place_of(t, key).entry - c->entries);
        g = &c->groups[slot / GROUP_SLOTS];
        others = group_live(g) & ~((2u << slot % GROUP_SLOTS) - 1);
    }
    unsigned other = first_slot(others);
    size_t second = slot / GROUP_SLOTS * GROUP_SLOTS + other;
    struct entry right = c->entries[second];
    unsigned char tag = g->byte[TAGS_AT + other];
    c->entries[second] = c->entries[slot];
    group_tag(g, other, g->byte[TAGS_AT + slot % GROUP_SLOTS]);
    expect(t, "a key lies in two slots");
    c->entries[second] = right;
    group_tag(g, other, tag);
    expect_good(t);
}

/* In every group and class in turn: an entry more, or none, that went past. A count at its
 * most is not known any better, and stays out. */
static void corrupt_passed(void)
{
    struct ht *t = table_of(KEYS);
    for (size_t i = 0; i <= t->core.mask; i++) {
        for (unsigned class = CLASS_FIRST; class < CLASS_END; class += CLASS_BITS) {
            struct group *g = &t->core.groups[i], right = *g;
            unsigned count = passed_count(g, class);
            if (count + 1 >= PASSED_MOST)
                continue;
            g->word += 1u << class;
            expect(t, "entries that went past a group, counted anew, differ from the count kept");
            *g = right;
            if (count == 0)
                continue;
            g->word -= count << class;
            CHECK(check(t)); /* said of the count, or of a key that is found no more */
            *g = right;
        }
    }
    expect_good(t);
}

int main(void)
{
    corrupt_counts();
    corrupt_slots();
    corrupt_twice();
    corrupt_passed();
    return 0;
}
