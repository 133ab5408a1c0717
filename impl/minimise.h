/* Makes a failing trace small: the fewest steps we can find that still fail.
 *
 * Origin: delta debugging (Zeller and Hildebrandt, IEEE TSE 28(2), 2002): drop
 * ever smaller pieces while the failure remains; before that, ever more keys with all their steps.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MINIMISE_H
#define EBB_MINIMISE_H

#include "replay.h"

/* Shortens `trace`, which fails under `options`, in place. Replays run in child
 * processes, so that a table may crash. Whatever takes more than 5 s does not
 * count as failing. At most `budget` replays, and none begins after 60 s. */
void minimise(const struct replay_options *options, struct trace *trace, unsigned budget);

#endif
