/* What every engine's geometry promises: sizes that grow, and an end of them.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

/* The slots that a walk may see twice while bits of the hash stir it: 64 bits, 5 at a time. */
enum { STIRRED = 13 };

static void check_geometry(const struct ht_table *t)
{
    const struct ht_geometry *g = t->geometry;
    CHECK(g->round(0) == g->least && g->round(1) == g->least && g->round(g->least) == g->least);
    for (size_t slots = g->least; slots; slots = g->round(slots + 1)) {
        CHECK(g->round(slots) == slots);
        CHECK(g->probes(slots) > 0 && g->probes(slots) <= slots + STIRRED);
        CHECK(g->usable(slots) > 0 && g->usable(slots) < slots);
        for (unsigned profile = 0; profile < cpython_profile_count; profile++)
            CHECK(g->bytes(slots, profile) > slots);
        size_t next = g->round(slots + 1);
        CHECK(!next ||
              (g->usable(next) > g->usable(slots) && g->bytes(next, 0) > g->bytes(slots, 0)));
    }
    CHECK(g->probes(0) > 0 && g->probes(0) <= g->probes(g->least));
    /* Sizes whose bytes would overflow there are none. */
    CHECK(g->round(SIZE_MAX / 2) == 0 && g->round(SIZE_MAX) == 0);
}

int main(void)
{
    FOR_EACH_TABLE(t)
    {
        if (t->geometry)
            check_geometry(t);
    }
    return 0;
}
