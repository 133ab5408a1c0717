/* What the storage of a segment lies in: a block, or a run of pages.
 *
 * Small segments and those of small tables lie in blocks of malloc, to the byte. The
 * others lie in runs (arena.h), where they grow and shrink in place; they take as many
 * buckets as fit into whole pages.
 *
 * Invariant: behind the last bucket stands the owner: the block's address, or the run's
 * chunk and 1. A segment in a run has its entries at the run's start.
 * Cost: half a page of each run is not used, on average.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_STORAGE_H
#define EBB_STORAGE_H

#include "arena.h"
#include "store.h"

/* From so many segments on, and from so many pages each, they lie in runs. With fewer, half
 * a page of each would be too much for 22 bytes an entry; with more, what malloc keeps of
 * the first blocks would be as much as what a purge leaves. */
#ifdef HT_HARD
enum { RUNS_FROM = 2, RUN_LEAST = 1 };
#else
enum { RUNS_FROM = 4, RUN_LEAST = 5 };
#endif

/* ... and what aligning to cache lines costs a block at most. */
enum { OWNER_BYTES = sizeof(void *), BLOCK_BYTES = LINE - 16 + OWNER_BYTES };

static_assert(BUCKETS_MOST * BUCKET_BYTES + OWNER_BYTES <= RUN_BYTES, "a run holds any segment");

static inline size_t pages_for(size_t count)
{
    return (count * BUCKET_BYTES + OWNER_BYTES + PAGE - 1) / PAGE;
}

static inline size_t pages_nearest(size_t count)
{
    return (count * BUCKET_BYTES + PAGE / 2) / PAGE;
}

static inline uint32_t buckets_in(size_t pages)
{
    size_t count = (pages * PAGE - OWNER_BYTES) / BUCKET_BYTES;
    return count > BUCKETS_MOST ? BUCKETS_MOST : (uint32_t)count;
}

static inline bool count_is_for_run(size_t count)
{
    return count * BUCKET_BYTES > (size_t)(RUN_LEAST - 1) * PAGE;
}

static inline uintptr_t owner_of(const struct segment *s)
{
    uintptr_t owner;
    memcpy(&owner, s->buckets + s->count, sizeof owner);
    return owner;
}

static inline bool segment_in_run(const struct segment *s)
{
    return !segment_is_none(s) && (owner_of(s) & 1);
}

static inline unsigned char *start_of(const struct segment *s)
{
    return (unsigned char *)(void *)entries_of(s, 0);
}

/* Bytes held for a segment. */
static inline size_t storage_bytes(const struct segment *s)
{
    if (segment_is_none(s))
        return 0;
    return segment_in_run(s) ? pages_for(s->count) * PAGE
                             : (size_t)s->count * BUCKET_BYTES + BLOCK_BYTES;
}

/* `count` empty buckets from an address on. */
static void segment_lay(struct segment *s, unsigned char *start, uint32_t count, uintptr_t owner)
{
    size_t bytes = (size_t)count * BUCKET_SLOTS * sizeof(struct entry);
    struct bucket *buckets = (struct bucket *)(void *)(start + bytes);
    memset(buckets, 0, count * sizeof *buckets);
    memcpy(buckets + count, &owner, sizeof owner);
    *s = (struct segment){buckets, count, 0};
}

static bool block_alloc(struct segment *s, struct ht_mem *mem, uint32_t count)
{
    unsigned char *block = ht_alloc(mem, (size_t)count * BUCKET_BYTES + BLOCK_BYTES);
    if (!block)
        return false;
    size_t skipped = -(uintptr_t)block & (LINE - 1);
    assert(skipped <= LINE - 16); /* as malloc aligns to 16 */
    segment_lay(s, block + skipped, count, (uintptr_t)block);
    return true;
}

static bool segment_alloc(struct segment *s, struct arena *a, struct ht_mem *mem, uint32_t count,
                          bool in_run)
{
    if (!in_run)
        return block_alloc(s, mem, count);
    struct chunk *chunk;
    unsigned char *run = run_take(a, mem, pages_for(count), &chunk);
    if (!run)
        return false;
    segment_lay(s, run, count, (uintptr_t)chunk | 1);
    return true;
}

static void segment_free(struct segment *s, struct arena *a, struct ht_mem *mem)
{
    uintptr_t owner = segment_is_none(s) ? 0 : owner_of(s);
    if (owner & 1)
        run_give(a, mem, (struct chunk *)(owner - 1), start_of(s), pages_for(s->count));
    else if (owner)
        ht_free(mem, (void *)owner, (size_t)s->count * BUCKET_BYTES + BLOCK_BYTES);
    *s = no_segment;
}

#endif
