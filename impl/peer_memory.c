/* Counting the bytes of peers; see peer.h.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_memory.h"

__thread struct peer *peer_watched;

/* ---- with sizes ---------------------------------------------------------------- */

void *peer_calloc(struct peer *p, size_t bytes)
{
    return mem_admits(p->mem) ? peer_counted(p, calloc(1, bytes ? bytes : 1), bytes) : NULL;
}

/* Old and new count together for a moment: realloc may need both. */
void *peer_realloc(struct peer *p, void *block, size_t old, size_t bytes)
{
    if (!mem_admits(p->mem))
        return NULL;
    void *fresh = peer_counted(p, realloc(block, bytes), bytes);
    if (fresh && block)
        peer_give(p, old);
    return fresh;
}

void *peer_foreign_alloc(struct peer *p, size_t bytes)
{
    return peer_alloc(p, bytes);
}

void peer_foreign_free(struct peer *p, void *block, size_t bytes)
{
    peer_free(p, block, bytes);
}

/* ---- without sizes ------------------------------------------------------------- */

static void *made(struct peer *p, void *block, size_t bytes)
{
    if (block)
        peer_take(p, peer_block_made(block, bytes));
    else
        p->mem->refused++;
    return block;
}

void *peer_hook_malloc(struct peer *p, size_t bytes)
{
    if (!p)
        return malloc(bytes);
    return mem_admits(p->mem) ? made(p, malloc(bytes), bytes) : NULL;
}

void *peer_hook_calloc(struct peer *p, size_t count, size_t bytes)
{
    if (count && bytes > SIZE_MAX / count)
        return NULL;
    size_t all = count && bytes ? count * bytes : 1;
    if (!p)
        return calloc(1, all);
    return mem_admits(p->mem) ? made(p, calloc(1, all), all) : NULL;
}

void *peer_hook_realloc(struct peer *p, void *block, size_t bytes)
{
    if (!p)
        return realloc(block, bytes);
    size_t old = block ? peer_block_size(block) : 0;
    void *fresh = mem_admits(p->mem) ? made(p, realloc(block, bytes), bytes) : NULL;
    if (fresh && block)
        peer_give(p, old);
    return fresh;
}

void peer_hook_free(struct peer *p, void *block)
{
    if (p && block)
        peer_give(p, peer_block_size(block));
    free(block);
}
