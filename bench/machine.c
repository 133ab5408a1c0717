/* One CPU, its clock, its faults, and the allocator's thresholds; see machine.h.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "machine.h"

#include "check.h"

#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char *const names[PAGES_KINDS] = {"warm", "cold"};

const char *pages_name(enum pages pages)
{
    return names[pages];
}

/* The last CPU allowed: interrupts tend to go to the first. */
void machine_pin(void)
{
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    for (size_t cpu = CPU_SETSIZE; cpu-- > 0;) {
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        (void)sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

enum {
    THRESHOLD = 128 * 1024,
    MAPPINGS = 65536
}; /* glibc's own first values, fixed by being set */

void machine_memory(enum pages pages, size_t bytes)
{
    if (pages == PAGES_COLD) {
        CHECK(mallopt(M_MMAP_MAX, MAPPINGS) && mallopt(M_MMAP_THRESHOLD, THRESHOLD) &&
              mallopt(M_TRIM_THRESHOLD, THRESHOLD) && mallopt(M_TOP_PAD, 0));
        (void)malloc_trim(0);
        return;
    }
    CHECK(mallopt(M_MMAP_MAX, 0) && mallopt(M_TRIM_THRESHOLD, INT_MAX) &&
          mallopt(M_TOP_PAD, 1 << 20));
    void *heap = malloc(bytes);
    CHECK(heap);
    memset(heap, 1, bytes);
    __asm__ volatile("" : : "r"(heap) : "memory"); /* or the compiler drops all three */
    free(heap);
}

uint64_t machine_cpu_ns(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t machine_faults(void)
{
    struct rusage usage;
    CHECK(getrusage(RUSAGE_THREAD, &usage) == 0);
    return (uint64_t)usage.ru_minflt;
}

uint64_t machine_switches(void)
{
    struct rusage usage;
    CHECK(getrusage(RUSAGE_THREAD, &usage) == 0);
    return (uint64_t)usage.ru_nivcsw;
}
