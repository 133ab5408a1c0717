/* Runs of pages, for what must go back to the system page by page.
 *
 *      chunk  | run | run | run | ...        64 runs of address space, one mapping
 *      run    | pages in use | untouched     as long as the largest segment could be
 *
 * malloc keeps what is freed between blocks that are in use, so the memory of a process
 * would stay at its peak long after the table has shrunk. A run has its addresses for
 * itself: it gets longer and shorter in place, only what is in use has pages behind it,
 * and so nothing is ever fragmented. What is not in use costs addresses.
 *
 * Invariant: the pages in use are counted as held, and no other page has memory; a chunk
 * has a run in use. Chunks with a free run come first in the list.
 * Cost: 1.5 us for a page's first use, 0.5 us to give it back; one system call each time
 * that a run gets shorter. A chunk is mapped for 64 runs, and unmapped after the last.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_ARENA_H
#define EBB_ARENA_H

#include "mem_count.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#endif

/* Runs are aligned to the largest page that a system may have; on such a system the end
 * of a run shares its last page with what is not in use. The hard build's pages are not
 * the system's: what is given back is spoilt instead. */
#ifdef HT_HARD
enum { PAGE = 64, RUN_PAGES = 4 };
#else
enum { PAGE = 4096, RUN_PAGES = 48 };
#endif
enum { CHUNK_RUNS = 64, RUN_BYTES = PAGE * RUN_PAGES };

struct chunk {
    struct chunk *next, *previous; /* in a ring */
    unsigned char *runs;
    uint64_t unused; /* a bit for each run */
};

struct arena {
    struct chunk *first; /* NULL: none */
    size_t chunks;
};

static inline void arena_add(struct arena *a, struct chunk *c)
{
    c->next = a->first ? a->first : c;
    c->previous = a->first ? a->first->previous : c;
    c->next->previous = c;
    c->previous->next = c;
    a->first = c;
}

static inline void arena_remove(struct arena *a, struct chunk *c)
{
    c->next->previous = c->previous;
    c->previous->next = c->next;
    if (a->first == c)
        a->first = c->next == c ? NULL : c->next;
}

/* A chunk, the first of the list; NULL: no memory. */
static struct chunk *chunk_open(struct arena *a, struct ht_mem *mem)
{
    struct chunk *c = ht_alloc(mem, sizeof *c);
    if (!c)
        return NULL;
    void *runs = mmap(NULL, (size_t)RUN_BYTES * CHUNK_RUNS, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (runs == MAP_FAILED) {
        ht_free(mem, c, sizeof *c);
        return ht_refuse(mem);
    }
    ASAN_POISON_MEMORY_REGION(runs, (size_t)RUN_BYTES * CHUNK_RUNS);
    *c = (struct chunk){.runs = runs, .unused = UINT64_MAX};
    arena_add(a, c);
    a->chunks++;
    return c;
}

static void chunk_close(struct arena *a, struct ht_mem *mem, struct chunk *c)
{
    arena_remove(a, c);
    a->chunks--;
    ASAN_UNPOISON_MEMORY_REGION(c->runs, (size_t)RUN_BYTES * CHUNK_RUNS);
    (void)munmap(c->runs, (size_t)RUN_BYTES * CHUNK_RUNS);
    ht_free(mem, c, sizeof *c);
}

/* Gives pages back to the system; they are zero when used again. */
static void pages_discard(unsigned char *at, size_t pages)
{
#ifdef HT_HARD
    memset(at, 0xa5, pages * PAGE);
#else
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), end = (uintptr_t)(at + pages * PAGE);
    uintptr_t start = ((uintptr_t)at + page - 1) & -page;
    if (start < end)
        (void)madvise((void *)start, end - start, MADV_DONTNEED);
#endif
    ASAN_POISON_MEMORY_REGION(at, pages * PAGE);
}

/* Pages are what was asked for and what is given. */
static void count_pages(struct ht_mem *mem, size_t more, size_t fewer)
{
    if (more)
        mem_take(mem, more * PAGE);
    if (fewer)
        mem_give(mem, fewer * PAGE);
    if (!mem->asks_usable)
        return;
    mem->usable += more * PAGE;
    mem->usable -= fewer * PAGE;
    if (mem->usable > mem->usable_peak)
        mem->usable_peak = mem->usable;
}

/* Makes a run of `pages` longer; false: no memory. */
static bool run_grow(struct ht_mem *mem, unsigned char *run, size_t pages, size_t more)
{
    assert(pages <= more && more <= RUN_PAGES);
    if (!mem_admits(mem))
        return false;
    count_pages(mem, more - pages, 0);
    ASAN_UNPOISON_MEMORY_REGION(run + pages * PAGE, (more - pages) * PAGE);
    return true;
}

static void run_shrink(struct ht_mem *mem, unsigned char *run, size_t pages, size_t fewer)
{
    assert(fewer <= pages);
    if (fewer == pages)
        return;
    pages_discard(run + fewer * PAGE, pages - fewer);
    count_pages(mem, 0, pages - fewer);
}

/* A run of its own; NULL: no memory. */
static unsigned char *run_take(struct arena *a, struct ht_mem *mem, size_t pages,
                               struct chunk **chunk)
{
    struct chunk *c = a->first;
    if (!c || c->unused == 0)
        c = chunk_open(a, mem);
    if (!c)
        return NULL;
    unsigned char *run = c->runs + (size_t)__builtin_ctzll(c->unused) * RUN_BYTES;
    if (!run_grow(mem, run, 0, pages)) {
        if (c->unused == UINT64_MAX)
            chunk_close(a, mem, c);
        return NULL;
    }
    c->unused &= c->unused - 1;
    if (c->unused == 0)
        a->first = c->next; /* it is the last of the list now */
    *chunk = c;
    return run;
}

static void run_give(struct arena *a, struct ht_mem *mem, struct chunk *c, unsigned char *run,
                     size_t pages)
{
    run_shrink(mem, run, pages, 0);
    if (c->unused == 0) {
        arena_remove(a, c);
        arena_add(a, c);
    }
    c->unused |= UINT64_C(1) << (size_t)(run - c->runs) / RUN_BYTES;
    if (c->unused == UINT64_MAX)
        chunk_close(a, mem, c);
}

static inline size_t arena_held(const struct arena *a)
{
    return a->chunks * sizeof(struct chunk);
}

#endif
