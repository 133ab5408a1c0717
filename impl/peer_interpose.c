/* malloc and free, interposed for peers that offer no hook; see peer.h.
 *
 * The program's own definitions come before the C library's for every library in the
 * process. They pass everything on, and count while peer_watched names a table: one
 * load and one branch a call otherwise.
 *
 * Under AddressSanitizer the interposing is its business; its hooks are told of every
 * block, but not how long a freed one was, so lengths are kept aside.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_memory.h"

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

/* The C library's own, which these definitions hide. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void *made(void *block, size_t bytes)
{
    struct peer *p = peer_watched;
    if (!p)
        return block;
    p->mem->calls++;
    if (block) {
        peer_take(p, bytes);
        peer_block_made(block, bytes);
    } else {
        p->mem->refused++;
    }
    return block;
}

void *malloc(size_t bytes)
{
    return made(__libc_malloc(bytes), bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return made(__libc_calloc(count, bytes), count * bytes);
}

void *realloc(void *old, size_t bytes)
{
    size_t before = peer_watched && old ? peer_block_size(old) : 0;
    void *block = made(__libc_realloc(old, bytes), bytes);
    if (peer_watched && old && (block || !bytes))
        peer_give(peer_watched, before);
    return block;
}

void free(void *block)
{
    if (peer_watched && block)
        peer_give(peer_watched, peer_block_size(block));
    __libc_free(block);
}

void *memalign(size_t alignment, size_t bytes)
{
    return made(__libc_memalign(alignment, bytes), bytes);
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
