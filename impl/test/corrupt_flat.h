/* What can be corrupted in either linear engine; see corrupt.h.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CORRUPT_FLAT_H
#define EBB_CORRUPT_FLAT_H

#include "corrupt.h"

enum { KEYS = 5 };

static size_t free_slot(const struct core *c)
{
    size_t i = 0;
    while (c->control[i] != SLOT_FREE)
        i++;
    return i;
}

static void corrupt_counts(void)
{
    struct ht *t = table_of(KEYS);
    struct core right = t->core;
    t->core.live++;
    t->core.room--;
    expect(t, "live entries counted anew differ from the count kept");
    t->core = right;
    t->core.room++;
    expect(t, "dead slots counted anew differ from the count kept");
    t->core = right;
    t->core.live = core_usable(right.mask + 1) + 1;
    t->core.room = SIZE_MAX; /* dead, by the counts: none */
    expect(t, "more slots are live or dead than are usable");
    t->core = right;
    t->core.mask = 4;
    t->core.live = t->core.room = 0;
    expect(t, "the number of slots is none that this engine can have");
    t->core = right;
    expect_good(t);

    t = table_of(0);
    t->core.live = 1;
    expect(t, "live entries counted anew differ from the count kept");
    t->core.live = 0;
    expect_good(t);
}

static void corrupt_slots(void)
{
    struct ht *t = table_of(KEYS);
    struct core *c = &t->core, right = t->core;
    size_t slots = c->mask + 1, slot = place_of(t, 1).slot, empty = free_slot(c);
    unsigned char control[64];
    CHECK(slots <= sizeof control);
    memcpy(control, c->control, slots);

    for (size_t i = 0; i < slots; i++)
        if (control[i] == SLOT_FREE)
            c->control[i] = SLOT_DEAD;
    c->room = 0;
    CHECK(strcmp(core_check(c), "no slot is free: a probe would not end") == 0);
    memcpy(c->control, control, slots);
    c->room = right.room;

    c->control[slot] ^= 1; /* another tag */
    expect(t, "a live key is not found where it lies");
    c->control[slot] ^= 1;

    /* The same key once more, where its probe would come later. */
    size_t other = slot;
    while (c->control[other] != SLOT_FREE)
        other = (other + 1) & c->mask;
    c->control[other] = c->control[slot];
    c->entries[other] = c->entries[slot];
    c->live++;
    c->room--;
    expect(t, "a key lies in two slots");
    c->control[other] = SLOT_FREE;
    c->live--;
    c->room++;

    c->control[empty] = SLOT_DEAD;
    c->room--;
    if (!ENGINE_LEAVES_DEAD)
        expect(t, "a slot is dead in an engine that leaves none");
    else
        CHECK(!check(t));
    c->control[empty] = SLOT_FREE;
    c->room++;
    expect_good(t);
}

/* An entry that its probe does not find, in every slot in turn. */
static void corrupt_tags(void)
{
    bool last = false;
    for (corrupt_seed = 1; corrupt_seed < 40; corrupt_seed++) {
        struct ht *t = table_of(KEYS);
        struct core *c = &t->core;
        for (size_t i = 0; i <= c->mask; i++) {
            if (!(c->control[i] & SLOT_LIVE))
                continue;
            last |= i == c->mask;
            c->control[i] ^= 1;
            expect(t, "a live key is not found where it lies");
            c->control[i] ^= 1;
        }
        expect_good(t);
    }
    corrupt_seed = 1;
    CHECK(last); /* or the last slot was never corrupted */
}

#endif
