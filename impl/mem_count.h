/* How the allocator of mem.h counts: inline, since peers' maps allocate at every put.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MEM_COUNT_H
#define EBB_MEM_COUNT_H

#include "check.h"
#include "mem.h"

/* Is the next allocation to succeed? Counts the call, and the refusal if it is not. */
static inline bool mem_admits(struct ht_mem *mem)
{
    mem->calls++;
    if (__builtin_expect(mem->fail == HT_FAIL_NEVER, 1))
        return true;
    bool due = mem->fail == HT_FAIL_ONCE ? mem->calls == mem->fail_at : mem->calls >= mem->fail_at;
    if (due)
        mem->refused++;
    return !due;
}

/* So many bytes are held from now on; are not any more. A change during step s shows in the
 * bytes held after s. op_peak never passes peak, so one comparison serves for both. */
static inline void mem_take(struct ht_mem *mem, size_t bytes)
{
    mem->live += bytes;
    mem->moment += bytes * mem->step;
    if (__builtin_expect(mem->live > mem->op_peak, 0)) {
        mem->op_peak = mem->live;
        if (mem->live > mem->peak)
            mem->peak = mem->live;
    }
}

static inline void mem_shorten(struct ht_mem *mem, size_t bytes)
{
    bool never_held = __builtin_sub_overflow(mem->live, bytes, &mem->live);
    CHECK(!never_held);
    mem->moment -= bytes * mem->step;
}

static inline void mem_give(struct ht_mem *mem, size_t bytes)
{
    mem_shorten(mem, bytes);
    mem->frees++;
}

#endif
