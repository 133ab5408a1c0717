/* Resident memory: what a process keeps while a table grows and after it was
 * emptied, seen from a parent.
 *
 * The child replays one trace on one table and does nothing else; trace and page
 * lie in shared mappings, so that its anonymous memory is the table's and the
 * allocator's. Parent and child speak in single bytes: the child writes one when
 * it has done what it was told, the parent when it shall go on.
 *
 *   child   'r' ready    'd' drained    'n' nudged    't' trimmed
 *   parent        'g' go          'n' nudge     't' trim      (end of input: exit)
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_RESIDENT_H
#define EBB_RESIDENT_H

#include "ht.h"

#include <stdatomic.h>

/* Descriptors of a child, besides 0 and 1, which carry the bytes above. */
enum { RESIDENT_PAGE_FD = 3, RESIDENT_TRACE_FD = 4 };

/* Written by the child, read by the parent. The program of another language that is
 * measured in the same way leaves it zero. */
struct resident_page {
    _Atomic uint64_t step;   /* steps done */
    uint64_t steps;          /* of the trace */
    uint64_t live;           /* entries at the end */
    uint64_t held;           /* structure: bytes by the table's own account, at the end */
    uint64_t requested;      /* allocator: bytes asked for, at the end; handles included */
    uint64_t requested_peak; /* the most at any moment */
    uint64_t usable;         /* bytes of the blocks that were given for them */
    uint64_t usable_peak;    /* the most at any moment */
    uint64_t byte_steps;     /* the sum over the steps of the bytes asked for after each */
    uint64_t allocations, frees;
    uint64_t faults; /* page faults during the replay */
    uint64_t cpu_ns;
    char wrong[160]; /* why nothing was measured */
};

/* A child's whole life: replays the trace behind RESIDENT_TRACE_FD on the table.
 * `allocator` is what malloc must be served by: "glibc", or part of a library's name.
 * Returns the exit status. */
int resident_child(const char *table, const char *allocator);

#endif
