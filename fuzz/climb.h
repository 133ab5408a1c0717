/* One input replayed step by step while its extremes are noted: what the target
 * greed climbs, and what a witness is chosen by.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CLIMB_H
#define EBB_CLIMB_H

#include "input.h"

/* The state after a step, and what the step did. */
struct climb_step {
    uint64_t step; /* its number in the trace */
    size_t live, slots, held;
    size_t bound; /* promised bytes; 0 without a promise */
    bool asked;   /* a `reserve` has been carried out: memory held may be what was asked for */
    uint64_t moved, probed;
    int64_t risen; /* entries moved, beyond those promised on average, since that was least */
};

/* Replays the input on its table, checked as input_replay does; `note` is called after
 * every step. */
void climb(const struct input *, void (*note)(void *arg, const struct climb_step *), void *arg);

/* Bytes for each live entry; 0 where none is live, or memory was asked for. */
size_t climb_retained(const struct climb_step *);

#endif
