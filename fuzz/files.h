/* The files and folders named on a command line, one after another.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_FILES_H
#define EBB_FILES_H

#include <stddef.h>
#include <stdint.h>

/* Calls `take` with the bytes of each file named, and of each file in each folder named,
 * in the order of their names. Returns how many; exits with 2 and the reason where one
 * cannot be read. Bytes are in a block of exactly their size. */
size_t files_each(int count, char **names, void (*take)(const uint8_t *, size_t));

#endif
