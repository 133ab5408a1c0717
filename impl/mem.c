/* The counting and failing allocator; see mem.h.
 *
 * SPDX-License-Identifier: MIT */
#include "mem_count.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void ht_mem_init(struct ht_mem *mem)
{
    memset(mem, 0, sizeof *mem);
}

/* What malloc made of a request: not asked in timed runs. */
static void note_block(struct ht_mem *mem, void *p)
{
    if (!mem->asks_usable)
        return;
    mem->usable += malloc_usable_size(p);
    if (mem->usable > mem->usable_peak)
        mem->usable_peak = mem->usable;
}

static void forget_block(struct ht_mem *mem, void *p)
{
    if (mem->asks_usable)
        mem->usable -= malloc_usable_size(p);
}

void *ht_alloc(struct ht_mem *mem, size_t bytes)
{
    CHECK(bytes > 0);
    if (!mem_admits(mem))
        return NULL;
    void *p = malloc(bytes);
    if (!p) {
        mem->refused++;
        return NULL;
    }
    mem_take(mem, bytes);
    note_block(mem, p);
    return p;
}

void *ht_grow(struct ht_mem *mem, void *p, size_t from, size_t to)
{
    CHECK(from < to);
    if (!mem_admits(mem))
        return NULL;
    size_t usable = mem->asks_usable ? malloc_usable_size(p) : 0;
    void *grown = realloc(p, to);
    if (!grown) {
        mem->refused++;
        return NULL;
    }
    mem->usable -= usable;
    mem_take(mem, to - from);
    note_block(mem, grown);
    return grown;
}

bool ht_may_shrink(struct ht_mem *mem)
{
    return mem_admits(mem);
}

void *ht_shrink(struct ht_mem *mem, void *p, size_t from, size_t to)
{
    CHECK(from > to && to > 0);
    forget_block(mem, p);
    void *shrunk = realloc(p, to);
    mem_shorten(mem, from - to);
    shrunk = shrunk ? shrunk : p;
    note_block(mem, shrunk);
    return shrunk;
}

void ht_free(struct ht_mem *mem, void *p, size_t bytes)
{
    if (!p)
        return;
    mem_give(mem, bytes);
    forget_block(mem, p);
    free(p);
}

void *ht_alloc_handle(struct ht_mem *mem, size_t bytes)
{
    if (!mem_admits(mem))
        return NULL;
    void *p = calloc(1, bytes);
    if (!p) {
        mem->refused++;
        return NULL;
    }
    mem->handles += bytes;
    note_block(mem, p);
    return p;
}

void ht_free_handle(struct ht_mem *mem, void *p, size_t bytes)
{
    if (!p)
        return;
    mem->handles -= bytes;
    forget_block(mem, p);
    free(p);
}

void *ht_refuse(struct ht_mem *mem)
{
    mem->calls++;
    mem->refused++;
    return NULL;
}

void ht_mem_fail(struct ht_mem *mem, enum ht_fail fail, uint64_t nth)
{
    mem->fail = fail;
    mem->fail_at = mem->calls + nth;
}

void ht_mem_mark(struct ht_mem *mem)
{
    mem->op_peak = mem->live;
}

uint64_t ht_mem_area(struct ht_mem *mem, uint64_t last)
{
    return mem->live * (last + 1) - mem->moment;
}
