/* How long a block of malloc is, exactly: for hooks that say it only at the start.
 *
 * malloc_usable_size is the block's length unless the allocator had more left over than
 * it could split off; then the length asked for is written into that rest, under a mark,
 * so that counts do not depend on the state of the heap. (A block without a rest ends
 * in the peer's own data: it would have to hold the mark of its own address, 64 bits, to
 * be taken for one.) Under an allocator other than glibc's a block without a rest counts
 * as long as that one says. Under AddressSanitizer the allocator knows the length.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_MEMORY_H
#define EBB_PEER_MEMORY_H

#include "peer.h"

#if defined __SANITIZE_ADDRESS__
#define PEER_ASAN 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define PEER_ASAN 1
#endif
#endif
#ifndef PEER_ASAN
#define PEER_ASAN 0
#endif

#if PEER_ASAN

/* Of sanitizer/allocator_interface.h, which gcc does not install. */
extern size_t __sanitizer_get_allocated_size(const volatile void *);
extern int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, size_t),
                                                     void (*)(const volatile void *));

static inline size_t peer_block_made(void *block, size_t bytes)
{
    (void)block;
    return bytes;
}

static inline size_t peer_block_size(void *block)
{
    return __sanitizer_get_allocated_size(block);
}

#else

#include <malloc.h>

/* glibc gives no less; a smaller block of another allocator has no place for a mark. */
enum { PEER_LEAST = 24 };

static const uint64_t PEER_MARK = UINT64_C(0xb5297a4d3f84d5b5);

/* The last two words of what the allocator gave. */
static inline uint64_t *peer_rest(void *block, size_t usable)
{
    return (uint64_t *)(void *)((char *)block + ((usable - 16) & ~(size_t)7));
}

static inline size_t peer_length(size_t usable)
{
    return usable % 16 == 0 ? usable - 8 : usable; /* blocks of mmap have 16 bytes of their own */
}

/* To be called on every block as soon as it is there. Returns the length to count, which
 * peer_block_size will tell again. */
static inline size_t peer_block_made(void *block, size_t bytes)
{
    size_t usable = malloc_usable_size(block);
    if (usable < PEER_LEAST)
        return usable;
    uint64_t *rest = peer_rest(block, usable), mark = PEER_MARK ^ (uintptr_t)block;
    if (usable >= peer_block(bytes) - 8 + 16) {
        rest[0] = bytes;
        rest[1] = mark;
        return bytes;
    }
    if (rest[1] == mark)
        rest[1] = 0; /* of a block that lay here before: not written yet by the peer */
    return peer_length(usable);
}

static inline size_t peer_block_size(void *block)
{
    size_t usable = malloc_usable_size(block);
    if (usable < PEER_LEAST)
        return usable;
    const uint64_t *rest = peer_rest(block, usable);
    return rest[1] == (PEER_MARK ^ (uintptr_t)block) ? rest[0] : peer_length(usable);
}

#endif
#endif
