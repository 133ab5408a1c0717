/* What a cell measured, as CSV: bytes over its steps, and every replay.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_RECORD_H
#define EBB_RECORD_H

#include "cell.h"

#include <stdio.h>

void record_heading(FILE *);

/* The live entries after each slice, then for each arm a line where bytes or
 * promise changed: cell, arm, the steps done, live, and in bytes held, peak
 * within the slice, and bound. */
void record_cell(FILE *, const struct cell *);

void record_rounds_heading(FILE *);

/* For each arm and round a line: cell, arm, round, place, copies, and of one copy the CPU time
 * of the whole trace (0 of a reference row) and of the aftermath; switches. */
void record_rounds(FILE *, const struct cell *);

#endif
