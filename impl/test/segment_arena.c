/* Runs of pages: what the system keeps resident is what is counted, whatever grows,
 * shrinks, comes and goes; and a table's memory goes back with nothing called.
 *
 * The hard build's pages are not the system's; there bytes are counted alone.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "segment/operations.h"
#include "test.h"

extern const struct ht_table ht_table_arena;
SEGMENT_TABLE(ht_table_arena, "segment", "arena");

enum { RUNS = 300, STEPS = 20000 };

/* Bytes resident in all chunks. */
static size_t resident(const struct arena *a)
{
    static unsigned char in_core[(size_t)RUN_BYTES * CHUNK_RUNS / PAGE];
    size_t bytes = 0;
    for (const struct chunk *c = a->first; c; c = c->next == a->first ? NULL : c->next) {
        CHECK(mincore(c->runs, (size_t)RUN_BYTES * CHUNK_RUNS, in_core) == 0);
        for (size_t page = 0; page < sizeof in_core; page++)
            bytes += in_core[page] & 1 ? PAGE : 0;
    }
    return bytes;
}

/* Are pages those of the system, so that what is resident can be compared? */
static bool pages_are_real(void)
{
    return PAGE == sysconf(_SC_PAGESIZE);
}

/* ---- runs alone -------------------------------------------------------------- */

struct run {
    unsigned char *start; /* NULL: none */
    struct chunk *chunk;
    size_t pages;
    unsigned char mark; /* all its bytes */
};

static void check_marks(const struct run *run)
{
    for (size_t i = 0; i < run->pages * PAGE; i += PAGE / 4)
        CHECK(run->start[i] == run->mark);
}

/* Fills a run with another byte. */
static void mark(struct run *run)
{
    run->mark++;
    memset(run->start, run->mark, run->pages * PAGE);
}

static void change(struct arena *a, struct ht_mem *mem, struct run *run, size_t pages)
{
    if (!run->start) {
        run->start = run_take(a, mem, pages, &run->chunk);
        CHECK(run->start && (uintptr_t)run->start % LINE == 0);
    } else if (pages == 0) {
        run_give(a, mem, run->chunk, run->start, run->pages);
        run->start = NULL;
    } else if (pages > run->pages) {
        CHECK(run_grow(mem, run->start, run->pages, pages));
    } else {
        run_shrink(mem, run->start, run->pages, pages);
    }
    run->pages = pages;
    if (run->start)
        mark(run);
}

static void random_runs(void)
{
    static struct run runs[RUNS];
    struct arena arena = {0};
    struct ht_mem mem;
    size_t pages = 0, most = 0;
    ht_mem_init(&mem);
    for (uint64_t i = 0; i < STEPS; i++) {
        struct run *run = &runs[ht_mix(i) % RUNS];
        bool drains = i > STEPS / 2;
        if (run->start)
            check_marks(run);
        pages -= run->pages;
        if (drains || ht_mix(i) >> 32 & 1)
            change(&arena, &mem, run, run->start ? 0 : ht_mix(i + STEPS) % RUN_PAGES + 1);
        else
            change(&arena, &mem, run, ht_mix(i + STEPS) % RUN_PAGES + 1);
        pages += run->pages;
        most = arena.chunks > most ? arena.chunks : most;
        CHECK(mem.live == pages * PAGE + arena_held(&arena));
        CHECK(!pages_are_real() || i % 64 || resident(&arena) == pages * PAGE);
    }
    CHECK(most > 2);
    for (size_t i = 0; i < RUNS; i++)
        if (runs[i].start)
            change(&arena, &mem, &runs[i], 0);
    CHECK(mem.live == 0 && !arena.first && arena.chunks == 0);
}

/* A refusal changes nothing: of the chunk, of the pages of a run, of more of them. */
static void refused_runs(void)
{
    struct arena arena = {0};
    struct chunk *chunk;
    struct ht_mem mem;
    ht_mem_init(&mem);
    for (uint64_t nth = 1; nth <= 2; nth++) {
        ht_mem_fail(&mem, HT_FAIL_ONCE, nth);
        CHECK(!run_take(&arena, &mem, 2, &chunk));
        CHECK(mem.live == 0 && !arena.first);
    }
    unsigned char *run = run_take(&arena, &mem, 2, &chunk);
    size_t held = mem.live;
    CHECK(run);
    ht_mem_fail(&mem, HT_FAIL_ONCE, 1);
    CHECK(!run_grow(&mem, run, 2, 3) && mem.live == held);
    run_give(&arena, &mem, chunk, run, 2);
    CHECK(mem.live == 0 && mem.refused == 3);
}

/* ---- a table ----------------------------------------------------------------- */

#ifdef HT_HARD
enum { ENTRIES = 2000 };
#else
enum { ENTRIES = 300000 };
#endif

static size_t in_runs(const struct ht *t)
{
    size_t bytes = 0;
    for (size_t i = 0; i < t->core.directory.count; i++) {
        const struct segment *s = directory_at(&t->core.directory, i);
        bytes += segment_in_run(s) ? storage_bytes(s) : 0;
    }
    return bytes;
}

static void compare(const struct ht *t, size_t least)
{
    size_t counted = in_runs(t), kept = resident(&t->core.arena);
    (void)printf("%8zu entries: %zu bytes in runs, %zu resident\n", t->core.live, counted, kept);
    CHECK(counted >= least);
    CHECK(!pages_are_real() || (kept <= counted && kept >= counted - counted / 8));
}

static void purged_table(void)
{
    struct ht_mem mem;
    struct ht_config config = {.seed = 1};
    ht_mem_init(&mem);
    struct ht *t = create(&mem, &config);
    CHECK(t);
    for (uint64_t i = 0; i < ENTRIES; i++)
        CHECK(put(t, ht_mix(i), i) == HT_NEW);
    compare(t, (size_t)ENTRIES * sizeof(struct entry));
    for (uint64_t i = ENTRIES / 100; i < ENTRIES; i++)
        CHECK(del(t, ht_mix(i)));
    compare(t, 1);
    for (uint64_t i = ENTRIES / 100; i < ENTRIES / 50; i++)
        CHECK(put(t, ht_mix(i), i) == HT_NEW);
    compare(t, 1);
    CHECK(check(t) == NULL);
    for (uint64_t i = 0; i < ENTRIES / 50; i++)
        CHECK(del(t, ht_mix(i)));
    CHECK(t->core.arena.chunks == 0 || BUCKET_SLOTS < 8); /* a few entries need no page */
    destroy(t);
    CHECK(mem.live == 0 && mem.handles == 0);
}

int main(void)
{
    random_runs();
    refused_runs();
    purged_table();
    return 0;
}
