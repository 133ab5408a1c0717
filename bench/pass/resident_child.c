/* The measured process; see resident.h.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "resident.h"

#include "check.h"
#include "cpython_profile.h"
#include "machine.h"
#include "set.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLICES = 512, NUDGES = 1000, NUDGE_BYTES = 100 };

static void tell(char what)
{
    CHECK(write(STDOUT_FILENO, &what, 1) == 1);
}

/* False when the parent is done with us. */
static bool is_told(char what)
{
    char heard;
    return read(STDIN_FILENO, &heard, 1) == 1 && heard == what;
}

/* Is malloc served by the allocator that was asked for? A preloaded library that is
 * not there is ignored, and the figures would be another's. A malloc of this program
 * itself, as peers may bring one to count by, passes on to the next. */
static bool is_served_by(const char *allocator)
{
    Dl_info info;
    void *serving = dlsym(RTLD_NEXT, "malloc");
    if (!serving || !dladdr(serving, &info) || !info.dli_fname)
        return false;
    return strstr(info.dli_fname, strcmp(allocator, "glibc") == 0 ? "libc.so" : allocator) != NULL;
}

/* ---- giving back --------------------------------------------------------------- */

/* What a program would call by hand, under whichever allocator serves it. Looked up
 * by name, since they are in the preloaded library. */
static void trim(const char *allocator)
{
    union {
        void *object;
        int (*malloc_trim)(size_t);
        int (*mallctl)(const char *, void *, size_t *, void *, size_t);
        void (*mi_collect)(bool);
        void (*release)(void);
    } call;
    if (strcmp(allocator, "jemalloc") == 0) {
        call.object = dlsym(RTLD_DEFAULT, "mallctl");
        CHECK(call.object && call.mallctl("arena.4096.purge", NULL, NULL, NULL, 0) == 0);
    } else if (strcmp(allocator, "mimalloc") == 0) {
        call.object = dlsym(RTLD_DEFAULT, "mi_collect");
        CHECK(call.object);
        call.mi_collect(true);
    } else if (strcmp(allocator, "tcmalloc") == 0) {
        call.object = dlsym(RTLD_DEFAULT, "MallocExtension_ReleaseFreeMemory");
        CHECK(call.object);
        call.release();
    } else {
        call.object = dlsym(RTLD_DEFAULT, "malloc_trim");
        CHECK(call.object);
        (void)call.malloc_trim(0);
    }
}

/* A little work elsewhere in the program: allocators that give back by the clock look at
 * it only when they are called. */
static void nudge(void)
{
    for (int i = 0; i < NUDGES; i++) {
        void *block = malloc(NUDGE_BYTES);
        CHECK(block);
        __asm__ volatile("" : : "r"(block) : "memory");
        free(block);
    }
}

/* ---- the replay ------------------------------------------------------------------ */

static const struct ht_op *map_trace(size_t *n)
{
    struct stat about;
    CHECK(fstat(RESIDENT_TRACE_FD, &about) == 0 && about.st_size > 0);
    void *ops = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE,
                     RESIDENT_TRACE_FD, 0);
    CHECK(ops != MAP_FAILED);
    *n = (size_t)about.st_size / sizeof(struct ht_op);
    return ops;
}

static struct resident_page *map_page(void)
{
    void *page = mmap(NULL, sizeof(struct resident_page), PROT_READ | PROT_WRITE, MAP_SHARED,
                      RESIDENT_PAGE_FD, 0);
    CHECK(page != MAP_FAILED);
    return page;
}

static void replay(struct resident_page *page, struct ht_set *set, const struct ht_op *ops,
                   size_t n)
{
    uint64_t faults = machine_faults(), start = machine_cpu_ns();
    size_t length = n / SLICES + 1;
    for (size_t at = 0; at < n; at += length) {
        size_t count = n - at < length ? n - at : length;
        (void)set->table->run(set, ops + at, count, at);
        atomic_store_explicit(&page->step, at + count, memory_order_relaxed);
    }
    page->cpu_ns = machine_cpu_ns() - start;
    page->faults = machine_faults() - faults;
}

static void take_figures(struct resident_page *page, const struct ht_set *set, struct ht_mem *mem,
                         size_t n)
{
    struct ht_stats stats;
    ht_set_stats(set, &stats);
    page->steps = n;
    page->live = stats.live;
    page->held = stats.held;
    page->requested = mem->live + mem->handles;
    page->requested_peak = mem->peak + mem->handles;
    page->usable = mem->usable;
    page->usable_peak = mem->usable_peak;
    page->byte_steps = ht_mem_area(mem, n - 1);
    page->allocations = mem->calls;
    page->frees = mem->frees;
}

int resident_child(const char *table, const char *allocator)
{
    struct resident_page *page = map_page();
    const struct ht_table *t = ht_find_table(table);
    struct ht_mem mem;
    struct ht_set set;
    size_t n;
    const struct ht_op *ops = map_trace(&n);
    const struct ht_config config = {.seed = 1, .profile = CPYTHON_DEFAULT};
    CHECK(t);
    if (!is_served_by(allocator)) {
        (void)snprintf(page->wrong, sizeof page->wrong, "malloc is not served by %s", allocator);
        return 1;
    }
    ht_mem_init(&mem);
    mem.asks_usable = true;
    ht_set_init(&set, t, &mem, &config);
    tell('r');
    if (!is_told('g'))
        return 1;
    replay(page, &set, ops, n);
    take_figures(page, &set, &mem, n);
    tell('d');
    if (is_told('n')) {
        nudge();
        tell('n');
    }
    if (is_told('t')) {
        trim(allocator);
        tell('t');
    }
    (void)is_told(0);
    _exit(0); /* tearing the table down is of no interest */
}
