/* Files of bytes, read and written piece by piece, compressed with zstd or not.
 *
 * Reading recognises zstd by its first bytes; writing compresses if the path
 * ends in ".zst". "-" is standard input or output. A file that is written
 * appears under its name only when it is complete.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_STREAM_H
#define EBB_STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct stream;

/* NULL on failure; errno says why. */
struct stream *stream_read_open(const char *path);
struct stream *stream_read_bytes(const void *bytes, size_t n); /* n > 0; they must outlive it */
struct stream *stream_write_open(const char *path);

/* Fills up to `room` bytes and returns how many; fewer only at the end or after
 * an error (stream_error). */
size_t stream_read(struct stream *, void *bytes, size_t room);

/* Returns false after an error. */
bool stream_write(struct stream *, const void *bytes, size_t n);

/* NULL, or what went wrong. */
const char *stream_error(const struct stream *);

/* Ends reading, or writing without keeping what was written. */
void stream_abandon(struct stream *);

/* The name of what is being written, until it is complete; NULL outside that. For who is told to
 * stop: a signal's handler may remove it. */
extern const char *volatile stream_unfinished;

/* Ends writing and gives the file its name. On failure returns false, leaves no
 * file, and `why` (of `room` bytes) says why. */
bool stream_finish(struct stream *, char *why, size_t room);

#endif
