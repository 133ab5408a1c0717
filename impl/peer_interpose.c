/* malloc and free, interposed for peers that offer no hook; see peer.h.
 *
 * The program's own definitions come before the C library's, and before those of a
 * preloaded allocator, for every library in the process. They pass everything on, and
 * count while peer_watched names a table: two loads and branches a call otherwise.
 *
 * Under AddressSanitizer the interposing is its business; its hooks are told of every
 * block, but not how long a freed one was, so lengths are kept aside.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "peer_memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

#if PEER_ASAN

/* Lengths by address: open addressing, sorted nowhere, never shrunk. */
struct length {
    const volatile void *block; /* NULL: free; &gone: erased */
    size_t bytes;
};

static struct length *lengths;
static size_t rooms, used;
static const char gone;

static struct length *look_up(const volatile void *block)
{
    size_t i = ht_hash((uintptr_t)block, 0) & (rooms - 1);
    while (lengths[i].block && lengths[i].block != block)
        i = (i + 1) & (rooms - 1);
    return &lengths[i];
}

/* The map's own blocks are not the table's. */
static void make_room(void)
{
    struct peer *watched = peer_watched;
    struct length *old = lengths;
    size_t count = rooms;
    peer_watched = NULL;
    rooms = rooms ? rooms * 2 : 1024;
    lengths = calloc(rooms, sizeof *lengths);
    CHECK(lengths);
    used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!old[i].block || old[i].block == &gone)
            continue;
        *look_up(old[i].block) = old[i];
        used++;
    }
    free(old);
    peer_watched = watched;
}

static void on_malloc(const volatile void *block, size_t bytes)
{
    if (!peer_watched || !block)
        return;
    if (used * 2 >= rooms)
        make_room();
    used++;
    *look_up(block) = (struct length){block, bytes};
    peer_watched->mem->calls++;
    peer_take(peer_watched, bytes);
}

static void on_free(const volatile void *block)
{
    if (!peer_watched || !block || !rooms)
        return;
    struct length *at = look_up(block);
    if (!at->block)
        return; /* from before: not the table's */
    peer_give(peer_watched, at->bytes);
    at->block = &gone;
}

void peer_interpose(void)
{
    static bool done;
    if (!done)
        CHECK(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) != 0);
    done = true;
}

#else

void peer_interpose(void)
{
}

/* dlsym may allocate: then it gets pieces of this, which are never freed. */
static char early[4096];
static size_t early_used;
static enum { UNKNOWN, FINDING, FOUND } search;

static void *early_block(size_t bytes)
{
    void *p = early + early_used;
    early_used += (bytes + 15) & ~(size_t)15;
    if (early_used > sizeof early)
        abort();
    return p;
}

static bool is_early(const void *block)
{
    return (const char *)block >= early && (const char *)block < early + sizeof early;
}

/* The allocator behind these definitions: the C library's, or one that was preloaded. The first
 * call of malloc or calloc finds it. */
static void *first_malloc(size_t bytes);
static void *first_calloc(size_t count, size_t bytes);
static void free_slowly(void *block);

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*memalign)(size_t, size_t);
    void (*free)(void *);
} behind = {.malloc = first_malloc, .calloc = first_calloc, .free = free_slowly};

static void find(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    memcpy(function, &found, sizeof found);
}

/* False while the allocator is being looked for. */
static bool ready(void)
{
    if (search == UNKNOWN) {
        search = FINDING;
        find("malloc", &behind.malloc);
        find("calloc", &behind.calloc);
        find("realloc", &behind.realloc);
        find("memalign", &behind.memalign);
        find("free", &behind.free);
        search = FOUND;
    }
    return search == FOUND;
}

static void *first_malloc(size_t bytes)
{
    return ready() ? behind.malloc(bytes) : early_block(bytes);
}

static void *first_calloc(size_t count, size_t bytes)
{
    return ready() ? behind.calloc(count, bytes) : early_block(count * bytes);
}

static void *made(void *block, size_t bytes)
{
    struct peer *p = peer_watched;
    if (!p)
        return block;
    p->mem->calls++;
    if (block)
        peer_take(p, peer_block_made(block, bytes));
    else
        p->mem->refused++;
    return block;
}

/* While no table is watched, these three take a test and a jump: they stand before every
 * allocation of every peer. `free` also knows the early pieces. */
__attribute__((noinline)) static void *watched_malloc(size_t bytes)
{
    return made(behind.malloc(bytes), bytes);
}

__attribute__((noinline)) static void *watched_calloc(size_t count, size_t bytes)
{
    return made(behind.calloc(count, bytes), count * bytes);
}

__attribute__((noinline)) static void free_slowly(void *block)
{
    if (!block || is_early(block) || !ready())
        return;
    if (peer_watched)
        peer_give(peer_watched, peer_block_size(block));
    behind.free(block);
}

void *malloc(size_t bytes)
{
    return peer_watched ? watched_malloc(bytes) : behind.malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return peer_watched ? watched_calloc(count, bytes) : behind.calloc(count, bytes);
}

void free(void *block)
{
    if (peer_watched || is_early(block))
        free_slowly(block);
    else
        behind.free(block);
}

void *realloc(void *old, size_t bytes)
{
    if (!ready() || is_early(old))
        abort();
    size_t before = peer_watched && old ? peer_block_size(old) : 0;
    void *block = made(behind.realloc(old, bytes), bytes);
    if (peer_watched && old && (block || !bytes))
        peer_give(peer_watched, before);
    return block;
}

void *memalign(size_t alignment, size_t bytes)
{
    return ready() ? made(behind.memalign(alignment, bytes), bytes) : NULL;
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return memalign(alignment, bytes);
}

int posix_memalign(void **block, size_t alignment, size_t bytes)
{
    if (alignment % sizeof(void *) || (alignment & (alignment - 1)) || !alignment)
        return EINVAL;
    void *p = memalign(alignment, bytes);
    if (!p)
        return ENOMEM;
    *block = p;
    return 0;
}

#endif
