/* Sizes that real interpreters report, pinned.
 *
 * "measured" figures were read off a running interpreter of that version;
 * "derived" ones follow from the formula in its source (no build with a 24-byte
 * GC header was at hand).
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

enum what {
    NEW,
    FILLED,  /* n puts of integers */
    DRAINED, /* and n dels */
    CLEARED, /* a new dict, cleared */
    COPY,    /* n puts, `gone` dels from the oldest, copy() */
    CALL,    /* ... dict(d) */
};

struct figure {
    const char *version;
    enum what what;
    uint64_t n, gone;
    size_t reported;
    const char *source;
};

static const struct figure figures[] = {
    {"3.7.3", NEW, 0, 0, 240, "the article"},
    {"3.7.3", FILLED, 1000000, 0, 41943144, "the article"},
    {"3.7.3", DRAINED, 1000000, 0, 41943144, "the article"},
    {"3.7.3", CLEARED, 0, 0, 72, "the article"},
    {"3.6.9", NEW, 0, 0, 240, "derived"},
    {"3.6.9", FILLED, 1000000, 0, 41943144, "derived"},
    {"3.6.9", CLEARED, 0, 0, 72, "derived"},
    {"3.6.15", NEW, 0, 0, 248, "measured"},
    {"3.6.15", FILLED, 1000000, 0, 41943152, "measured"},
    {"3.6.15", CLEARED, 0, 0, 80, "measured"},
    {"3.6.15", COPY, 8, 3, 248, "measured"},
    {"3.7.16", NEW, 0, 0, 248, "measured"},
    {"3.7.16", FILLED, 1000000, 0, 41943152, "measured"},
    {"3.7.16", DRAINED, 1000000, 0, 41943152, "measured"},
    {"3.7.16", CLEARED, 0, 0, 80, "measured"},
    {"3.7.16", COPY, 23, 3, 1192, "measured"},
    {"3.7.16", CALL, 23, 3, 656, "measured"},
    {"3.8", NEW, 0, 0, 64, "measured"},
    {"3.8", FILLED, 1000000, 0, 41943136, "measured"},
    {"3.8", CLEARED, 0, 0, 64, "measured"},
    {"3.8", COPY, 10, 10, 64, "measured"},
    {"3.8", CALL, 10, 10, 232, "measured"},
    {"3.9", FILLED, 1000000, 0, 41943136, "measured"},
    {"3.9", COPY, 1000000, 330000, 41943136, "measured"},
    {"3.9", CALL, 1000000, 330000, 20971608, "measured"},
    {"3.9", COPY, 1000000, 340000, 20971608, "measured"},
    {"3.9", CALL, 1000000, 340000, 20971608, "measured"},
    {"3.10", NEW, 0, 0, 64, "measured"},
    {"3.10", FILLED, 1000000, 0, 41943136, "measured"},
    {"3.10", COPY, 4, 3, 360, "measured"},
    {"3.10", CALL, 4, 3, 360, "measured"},
    {"3.10", CALL, 24, 3, 1176, "measured"},
    {"3.11", NEW, 0, 0, 64, "measured"},
    {"3.11", FILLED, 1000000, 0, 41943128, "measured"},
    {"3.11", DRAINED, 1000000, 0, 41943128, "measured"},
    {"3.12.1", COPY, 4, 3, 352, "measured"},
    {"3.13", CALL, 43, 0, 2264, "measured"},
    {"3.13", CLEARED, 0, 0, 64, "measured"},
};

static void check_figure(const struct figure *f)
{
    const struct ht_table *t = ht_find_table("dict/cpython");
    int profile = cpython_find(f->version);
    CHECK(t && profile >= 0);
    const struct ht_config config = {.seed = 1, .profile = (unsigned)profile};
    struct ht_mem mem;
    struct ht_stats s;
    ht_mem_init(&mem);
    struct ht *ht = t->create(&mem, &config);
    uint64_t gone = f->what == DRAINED ? f->n : f->gone;
    for (uint64_t i = 0; i < f->n; i++)
        CHECK(t->put(ht, i, i) == HT_NEW);
    for (uint64_t i = 0; i < gone; i++)
        CHECK(t->del(ht, i));
    if (f->what == CLEARED)
        t->clear(ht);
    else if (f->what == COPY)
        CHECK(t->copy(ht));
    else if (f->what == CALL)
        CHECK(t->rebuild_copy(ht));
    t->stats(ht, &s);
    if (s.reported != f->reported) {
        (void)fprintf(stderr, "%s, figure %d, n = %llu: %zu reported, %zu expected (%s)\n",
                      f->version, f->what, (unsigned long long)f->n, s.reported, f->reported,
                      f->source);
        exit(1);
    }
    /* Reported minus the headers is what the allocator counts. */
    CHECK(s.reported - CPYTHON_OBJECT - cpython_profiles[profile].gc_header == mem.live);
    t->destroy(ht);
}

int main(void)
{
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        check_figure(&figures[i]);
    CHECK(cpython_find("3.14") == -2 && cpython_find("3.5") == -1 && cpython_find("x") == -1);
    CHECK(cpython_find("3.7.3") == CPYTHON_DEFAULT);
    return 0;
}
