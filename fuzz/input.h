/* From a fuzzer's bytes to a replay: what the targets share.
 *
 *   byte 0   format version, 1; other inputs are ignored, so that old corpora stay valid
 *   byte 1   table (or, in lockstep, engine): ours, and from INPUT_PEERS on the peers, if any
 *   byte 2   seed of the hash
 *   byte 3   CPython profile
 *   byte 4   no_memory: whether allocations fail once or from then on; hostile: the hash
 *   byte 5   no_memory: which allocation fails first
 *   then     two bytes a step (trace_decode)
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_INPUT_H
#define EBB_INPUT_H

#include "replay.h"

enum { INPUT_VERSION = 1, INPUT_HEADER = 6, INPUT_STEPS = 256, INPUT_PEERS = 192 };

struct input {
    struct replay_options options;
    struct trace trace;
};

/* What a target does with the header beside choosing a table. */
enum input_use { INPUT_PLAIN, INPUT_NO_MEMORY, INPUT_HOSTILE };

/* What the target of that name does. */
enum input_use input_use_of(const char *target);

/* Decodes; false for inputs of another version or too short. Call input_free after. */
bool input_read(struct input *, enum input_use, const uint8_t *data, size_t size);
void input_free(struct input *);

/* The steps for options.table: `pop` becomes `get` on tables that keep no order. */
void input_steps(const struct input *, struct ht_op ops[INPUT_STEPS]);

/* Replays the input on options.table; complains of a failure. */
void input_replay(const struct input *);

/* Prints the sentence that says what is wrong, and the steps, and aborts. */
_Noreturn void input_complain(const struct input *, const struct ht_op *,
                              const struct replay_result *);

/* Tables that answer, by number; NULL behind the last. */
const struct ht_table *input_table(size_t number);
size_t input_tables(void);

#endif
