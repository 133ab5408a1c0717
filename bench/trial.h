/* A trial: somebody else's table meets a trace in a process of its own first, so that
 * one which aborts, leaks or runs out of memory fails its own row only.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_TRIAL_H
#define EBB_TRIAL_H

#include "cell.h"

/* Replays `ops` on the arm in a child process. On any failure returns false and says in
 * arm->error what happened and which trace shows it. Ours need none: true. */
bool trial_passes(struct arm *, const struct cell *, const struct ht_op *ops);

#endif
