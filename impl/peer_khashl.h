/* klib's khashl for its two peers: its allocator told to the peer, its header, its hash.
 *
 * Bytes: Kmalloc and the like, told the owner but not how long a freed block is; lengths by
 * malloc_usable_size, exact (peer_memory.h).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_KHASHL_H
#define EBB_PEER_KHASHL_H

#include "peer.h"

#define Kmalloc(km, type, count) ((type *)peer_hook_malloc(km, (count) * sizeof(type)))
#define Kcalloc(km, type, count) ((type *)peer_hook_calloc(km, count, sizeof(type)))
#define Krealloc(km, type, block, count)                                                           \
    ((type *)peer_hook_realloc(km, block, (count) * sizeof(type)))
#define Kfree(km, block) peer_hook_free(km, block)
#include <khashl.h>

#if PEER_OWN
#define HASH(key) kh_hash_uint64(key)
#else
#define HASH(key) (khint_t) ht_hash(key, peer_seed)
#endif

/* Around the functions that its macros make. */
#define KHASHL_BEGIN                                                                               \
    _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wconversion\"")              \
        _Pragma("GCC diagnostic ignored \"-Wsign-conversion\"")                                    \
            _Pragma("GCC diagnostic ignored \"-Wsign-compare\"")                                   \
                _Pragma("GCC diagnostic ignored \"-Wpedantic\"")
#define KHASHL_END _Pragma("GCC diagnostic pop")

#endif
