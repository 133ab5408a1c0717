/* A clock for single operations: the processor's time stamp where it has one that runs at a
 * constant rate, the system's clock elsewhere.
 *
 * clock_start and clock_stop wait until earlier instructions are done, so that nothing is
 * counted that began before or ends after; reading both costs some 30 ns, which the floor
 * (peer/null) shows.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CLOCK_H
#define EBB_CLOCK_H

#include <stdint.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>

static inline uint64_t clock_start(void)
{
    _mm_lfence();
    uint64_t now = __rdtsc();
    _mm_lfence();
    return now;
}

static inline uint64_t clock_stop(void)
{
    unsigned processor;
    uint64_t now = __rdtscp(&processor);
    _mm_lfence();
    return now;
}
#else
static inline uint64_t clock_start(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline uint64_t clock_stop(void)
{
    return clock_start();
}
#endif

/* Measures how long a tick is; takes 20 ms. Before any clock_ns. */
void clock_calibrate(void);

/* Ticks as nanoseconds. */
uint64_t clock_ns(uint64_t ticks);

#endif
