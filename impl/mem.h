/* The allocator handle: every byte a table holds comes from here.
 *
 * It counts what is held, its peak, and the area under it over the steps of a
 * trace, and it fails on demand, so that the paths nobody runs are run.
 * A table's handle (its fixed-size struct) is counted apart from what it holds.
 *
 * Invariant: live == bytes of every block handed out and not yet freed.
 * Cost: a few additions a call; a table calls it on change of size only.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MEM_H
#define EBB_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ht_fail {
    HT_FAIL_NEVER,
    HT_FAIL_ONCE,   /* the call numbered fail_at fails, later ones work */
    HT_FAIL_FOREVER /* it and every later one fail */
};

struct ht_mem {
    size_t live;      /* bytes held now */
    size_t peak;      /* most bytes held since creation */
    size_t op_peak;   /* most since ht_mem_mark */
    size_t handles;   /* bytes of table handles, not part of live */
    uint64_t calls;   /* allocations asked for, handles included; the first is number 1 */
    uint64_t frees;   /* blocks given back */
    uint64_t refused; /* allocations that failed, by demand or really */

    uint64_t step;   /* the trace step now running, kept by the run loop */
    uint64_t moment; /* sum over the changes of live, each times its step (see ht_mem_area) */

    bool asks_usable;   /* set it after ht_mem_init, and the two below are kept */
    size_t usable;      /* bytes of the blocks handed out, as malloc rounded them; handles too */
    size_t usable_peak; /* the most of them */

    enum ht_fail fail;
    uint64_t fail_at;
};

/* Counters at zero, no failures. */
void ht_mem_init(struct ht_mem *);

/* `bytes` of uninitialised memory, or NULL; bytes == 0 is an error. */
void *ht_alloc(struct ht_mem *, size_t bytes);

/* A block of ht_alloc with `to` bytes instead of `from`, more of them, where it may lie
 * elsewhere; or NULL, and it is as it was. */
void *ht_grow(struct ht_mem *, void *p, size_t from, size_t to);

/* Is the next ht_shrink to succeed? Counts as the call that it allows. */
bool ht_may_shrink(struct ht_mem *);

/* ... with fewer bytes, at least 1. It does not fail, since what lay behind must have been moved
 * before: so ask ht_may_shrink before that. If the C library refuses to make a block smaller,
 * it counts as smaller all the same. */
void *ht_shrink(struct ht_mem *, void *p, size_t from, size_t to);

/* Frees a block of ht_alloc; `bytes` is what was asked for. p may be NULL. */
void ht_free(struct ht_mem *, void *p, size_t bytes);

/* The same for a table's handle, zeroed. */
void *ht_alloc_handle(struct ht_mem *, size_t bytes);
void ht_free_handle(struct ht_mem *, void *p, size_t bytes);

/* Records a request that no memory could satisfy (its size overflows), and
 * returns NULL: so a table's refusal always has an allocator's refusal behind it. */
void *ht_refuse(struct ht_mem *);

/* Let call number calls + `nth` (1 = the next one) fail. */
void ht_mem_fail(struct ht_mem *, enum ht_fail, uint64_t nth);

/* Starts a new op_peak at what is held now. */
void ht_mem_mark(struct ht_mem *);

/* Byte-steps: the sum over the steps up to and including `last`, the present one or a later, of
 * the bytes held after each. A change by d in step s adds d for each step from s on, so it is
 * live * (last + 1) - moment, in words that may wrap on the way. */
uint64_t ht_mem_area(struct ht_mem *, uint64_t last);

#ifdef __cplusplus
}
#endif
#endif
