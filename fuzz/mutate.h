/* Mutation by steps: shared by both engines.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MUTATE_H
#define EBB_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Changes an input of input.h in place: inserts a step or a run of puts or dels on keys that
 * follow each other, deletes steps, reuses a key, repeats a run or undoes it, once or to and fro,
 * or changes a byte of the header. `max` is the room; returns the new size.
 * Inputs of another format become empty ones of this. */
size_t mutate_steps(uint8_t *data, size_t size, size_t max, uint32_t seed);

/* A run of another input's steps comes in at some place, as far as there is room. An `other` of
 * another format has none. */
size_t splice_steps(uint8_t *data, size_t size, const uint8_t *other, size_t other_size, size_t max,
                    uint32_t seed);

#endif
