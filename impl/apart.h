/* A replay in a process of its own, so that a table may crash or hang.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_APART_H
#define EBB_APART_H

#include "replay.h"

enum apart { APART_RIGHT, APART_WRONG, APART_CRASHED, APART_TIMED_OUT };

enum { APART_SECONDS = 5 }; /* then it has timed out */

/* What the table prints is lost. `result` is complete unless it crashed or timed out; then
 * only `failed` and `what` are, and say so. */
enum apart replay_apart(const struct replay_options *, const struct ht_op *, size_t n,
                        struct replay_result *result);

#endif
