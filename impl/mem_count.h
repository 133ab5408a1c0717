/* How the allocator of mem.h counts: inline, since peers' maps allocate at every put.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MEM_COUNT_H
#define EBB_MEM_COUNT_H

#include "check.h"
#include "mem.h"

/* What was held until now counts for every step before the current one: a
 * change during step s shows in the bytes held after s. */
static inline void mem_settle_area(struct ht_mem *mem)
{
    mem->area += (mem->step - mem->area_step) * mem->live;
    mem->area_step = mem->step;
}

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

/* So many bytes are held from now on; are not any more. */
static inline void mem_take(struct ht_mem *mem, size_t bytes)
{
    mem_settle_area(mem);
    mem->live += bytes;
    if (mem->live > mem->peak)
        mem->peak = mem->live;
    if (mem->live > mem->op_peak)
        mem->op_peak = mem->live;
}

static inline void mem_give(struct ht_mem *mem, size_t bytes)
{
    CHECK(bytes <= mem->live);
    mem_settle_area(mem);
    mem->live -= bytes;
    mem->frees++;
}

#endif
