/* Two strengths of assertion.
 *
 * CHECK(x)  the harness's own demand: on in every build, prints and aborts.
 * assert(x) we have a proof of x and the reader may rely on it: debug builds.
 *
 * What is O(n) to check is in a table's check(), which replays call.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CHECK_H
#define EBB_CHECK_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(x) ((x) ? (void)0 : ht_check_failed(#x, __FILE__, __LINE__))

__attribute__((noreturn, cold, noinline, unused)) static void
ht_check_failed(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: CHECK failed: %s\n", file, line, what);
    abort();
}

#endif
