/* Bytes over the steps of a cell, as CSV.
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

#endif
