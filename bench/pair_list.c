/* The headlines, named before anything is measured, and the controls; see pair.h.
 *
 * DESIGN.md, section 10, says what each is for, and names the same ones
 * (impl/test/headlines.py compares the two).
 *
 * SPDX-License-Identifier: MIT */
#include "pair.h"

#include <string.h>

const struct pair pairs[] = {
    {"hit:linear/shrink", "hit", "linear/tombstone", "linear/shrink", PAIR_ALIKE, INJECT_NOTHING,
     false},
    {"same:hit", "hit", "linear/tombstone", "linear/tombstone", PAIR_ALIKE, INJECT_NOTHING, true},
    {"twin:hit", "hit", "linear/tombstone", PAIR_TWIN, PAIR_ALIKE, INJECT_NOTHING, true},
    {"one_percent:hit", "hit", "linear/tombstone", "linear/tombstone", PAIR_ALIKE, INJECT_STEPS,
     true},
    {"neighbour:hit", "hit", "linear/tombstone", "linear/tombstone", PAIR_ALIKE, INJECT_NEIGHBOUR,
     true},
    {"miss:linear_shift/tombstone", "miss", "linear/tombstone", "linear_shift/tombstone",
     PAIR_ALIKE, INJECT_NOTHING, false},
    {"fill_drain.random:linear/shrink", "fill_drain.random", "linear/tombstone", "linear/shrink",
     PAIR_PLACES, INJECT_NOTHING, false},
    {"fill_drain.random:dict/shrink", "fill_drain.random", "dict/tombstone", "dict/shrink",
     PAIR_PLACES, INJECT_NOTHING, false},
    {"same:fill_drain.random", "fill_drain.random", "linear/tombstone", "linear/tombstone",
     PAIR_PLACES, INJECT_NOTHING, true},
    {"twin:fill_drain.random", "fill_drain.random", "linear/tombstone", PAIR_TWIN, PAIR_PLACES,
     INJECT_NOTHING, true},
    {"pause:fill_drain.random", "fill_drain.random", "linear/tombstone", "linear/tombstone",
     PAIR_PLACES, INJECT_PAUSE, true},
    {"purge:linear/shrink", "purge", "linear/tombstone", "linear/shrink", PAIR_PLACES,
     INJECT_NOTHING, false},
    {"refill:dict/shrink", "refill", "dict/tombstone", "dict/shrink", PAIR_PLACES, INJECT_NOTHING,
     false},
    {"churn:linear_shift/tombstone", "churn", "linear/tombstone", "linear_shift/tombstone",
     PAIR_PLACES, INJECT_NOTHING, false},
    {"sawtooth.half:linear/shrink", "sawtooth.half", "linear/tombstone", "linear/shrink",
     PAIR_PLACES, INJECT_NOTHING, false},
    {0},
};

/* Defined in twin_*.c. */
extern const struct ht_table ht_twin_linear, ht_twin_dict;

static const struct ht_table *twin_of(const struct ht_table *a)
{
    static const struct ht_table *const twins[] = {&ht_twin_linear, &ht_twin_dict};
    for (size_t i = 0; a && i < sizeof twins / sizeof *twins; i++)
        if (strcmp(twins[i]->name, a->name) == 0)
            return twins[i];
    return NULL;
}

bool pair_tables(const struct pair *p, enum pair_null null, const struct ht_table **a,
                 const struct ht_table **b)
{
    *a = ht_find_table(p->a);
    if (null == PAIR_NULL_TWIN || strcmp(p->b, PAIR_TWIN) == 0)
        *b = twin_of(*a);
    else
        *b = null == PAIR_NULL_SAME ? *a : ht_find_table(p->b);
    return *a && *b;
}
