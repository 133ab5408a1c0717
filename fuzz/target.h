/* What every target defines, and what the readers' targets share.
 *
 * A target is one file in fuzz/target: built unchanged for libFuzzer, for AFL++
 * and, with fuzz/replay_files.c, for plain replay.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_TARGET_H
#define EBB_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads bytes as a trace of either form, to the end or the error. */
void target_read_trace(const uint8_t *data, size_t size);

#endif
