/* What a measurement needs of the machine: one CPU, its clock, its page faults,
 * and an allocator that does not learn.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MACHINE_H
#define EBB_MACHINE_H

#include <stddef.h>
#include <stdint.h>

/* Where the memory of timed runs comes from. */
enum pages {
    PAGES_WARM, /* from a heap touched beforehand: what the table's own work costs */
    PAGES_COLD, /* blocks of 128 KiB and more fresh from the kernel and back to it: page
                 * faults and unmapping included, and counted */
    PAGES_KINDS
};

const char *pages_name(enum pages);

/* Keeps the process on one CPU, if that is allowed. */
void machine_pin(void);

/* Sets glibc's thresholds, fixed: by default its mmap threshold grows when a
 * mapped block is freed, so that one arm's free would change the next one's
 * cost. For PAGES_WARM touches `bytes` of heap. */
void machine_memory(enum pages, size_t bytes);

/* CPU time of this thread, in nanoseconds. Costs about 0.4 us. */
uint64_t machine_cpu_ns(void);

/* Page faults of this thread so far that needed no disk. */
uint64_t machine_faults(void);

/* How often this thread had to make way for another so far. Costs about 0.5 us. */
uint64_t machine_switches(void);

#endif
