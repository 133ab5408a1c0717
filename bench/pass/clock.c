/* How long a tick of the clock is; see clock.h.
 *
 * SPDX-License-Identifier: MIT */
#include "clock.h"

#include "check.h"

enum { CALIBRATION_NS = 20 * 1000 * 1000 };

static double ns_per_tick = 1;

static uint64_t system_ns(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void clock_calibrate(void)
{
    uint64_t from = system_ns(), ticks = clock_start(), now;
    do
        now = system_ns();
    while (now - from < CALIBRATION_NS);
    ns_per_tick = (double)(now - from) / (double)(clock_stop() - ticks);
}

uint64_t clock_ns(uint64_t ticks)
{
    return (uint64_t)((double)ticks * ns_per_tick + 0.5);
}
