/* What the server provides to a table that is taken out of its source: the allocator, assertions,
 * clock and random numbers of Redis and Valkey.
 *
 * A peer includes this before the table's own source. All of it is static and under names of its
 * own, so that two such sources, which name the same things, fit into one program.
 *
 * Invariant: `owner` is the table whose call is under way; the blocks asked for are its own.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_SERVER_H
#define EBB_PEER_SERVER_H

#include "peer_memory.h"

#include <zmalloc.h> /* the checkout's, which renames some of these itself */

#define PEER_SERVER static inline __attribute__((unused))

/* With NULL a block is not counted. */
static __thread struct peer *owner;

PEER_SERVER void *server_malloc(size_t bytes)
{
    return peer_hook_malloc(owner, bytes);
}

PEER_SERVER void *server_calloc(size_t bytes)
{
    return peer_hook_calloc(owner, 1, bytes);
}

PEER_SERVER void *server_realloc(void *block, size_t bytes)
{
    return peer_hook_realloc(owner, block, bytes);
}

PEER_SERVER void server_free(void *block)
{
    peer_hook_free(owner, block);
}

PEER_SERVER void server_assert(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}

PEER_SERVER void server_panic(const char *file, int line, const char *what, ...)
{
    server_assert(what, file, line);
}

/* Time stands still: moving buckets for a while is moving all of them. */
PEER_SERVER uint64_t server_now(void)
{
    return 0;
}

static uint64_t (*server_clock)(void) __attribute__((unused)) = server_now;

/* What follows is of calls that no peer makes. */

PEER_SERVER unsigned long long server_random(void)
{
    abort();
}

PEER_SERVER uint64_t server_siphash(const uint8_t *in, size_t bytes, const uint8_t *seed)
{
    (void)in, (void)bytes, (void)seed;
    abort();
}

PEER_SERVER void server_dismiss(void *block, size_t bytes)
{
    (void)block, (void)bytes;
    abort();
}

#undef zmalloc
#define zmalloc server_malloc
#undef zcalloc
#define zcalloc server_calloc
#undef ztrycalloc
#define ztrycalloc server_calloc
#undef zrealloc
#define zrealloc server_realloc
#undef zfree
#define zfree server_free
#define zmadvise_dontneed server_dismiss
#define _serverAssert server_assert
#define _serverPanic server_panic
#define getMonotonicUs server_clock
#define genrand64_int64 server_random
#define siphash server_siphash
#define siphash_nocase server_siphash

#endif
