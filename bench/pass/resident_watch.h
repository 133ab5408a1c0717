/* The parent's side of resident.h: starts processes, reads their memory, writes CSV.
 *
 * Times are milliseconds since the process was told to go; bytes of resident memory are
 * above what it had then. Both are only as exact as the sampling, 5 ms, and the kernel's
 * accounting, a few hundred kB.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_RESIDENT_WATCH_H
#define EBB_RESIDENT_WATCH_H

#include "resident.h"

#include <stdio.h>

struct subject; /* one process */

struct watch {
    char cell[120]; /* "fill_drain.random/1000000" */
    int trace_fd;
    uint64_t wait_ms; /* how long a drained process is watched */
    FILE *samples;    /* NULL: not kept */
    struct subject *subjects;
    size_t count;
};

/* A table under an allocator, or a program ("NAME=COMMAND") that speaks as resident.h
 * says, and gets the allocator as its last argument. `allocator` is "glibc" or the name of a library to be preloaded. */
void watch_add(struct watch *, const char *table, const char *allocator, const char *program);

/* Runs them all and prints a line for each, in the order they were added. Returns how many
 * failed; those are named on standard error. */
size_t watch_run(struct watch *, FILE *csv);

void watch_free(struct watch *);

#endif
