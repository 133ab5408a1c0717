/* Traces: sequences of steps, the one currency of this project.
 *
 * Two forms hold the same steps. Text has one step a line, `#` begins a
 * comment. Binary is compact, in blocks; each block carries the checksum of the
 * results the model gives (so that a replay is checked without the model) and a
 * hash of its own bytes (so that nothing damaged is replayed). Either may be
 * compressed with zstd. Reading holds one
 * block in memory; writing the binary form also the model.
 *
 *   text     put 17 / get 0x2a / del 17 / clear / retain 3 / use 1 / ...
 *   binary   "ebbt" version blocks... end; see trace_binary.c
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_TRACE_H
#define EBB_TRACE_H

#include "ht.h"

enum { TRACE_BLOCK = 4096 }; /* steps in a block, but for the last */

/* ---- names of steps -------------------------------------------------------- */

/* "put", "rebuild_copy", ... */
const char *trace_kind_name(enum ht_kind);

/* Does this kind take an argument? */
bool trace_kind_takes(enum ht_kind);

/* HT_KINDS if there is no such name. */
enum ht_kind trace_kind_named(const char *name);

/* NULL, or why no table can carry the step out (a table number or a modulus out
 * of range). */
const char *trace_step_error(struct ht_op op);

/* ---- reading ------------------------------------------------------------- */

struct trace_reader;

struct trace_block {
    const struct ht_op *ops; /* valid until the next call */
    size_t n;
    uint64_t first;    /* index of ops[0] */
    bool has_checksum; /* text traces carry none */
    uint64_t checksum;
};

/* Reads either form; "-" is standard input. NULL on failure, with the message
 * in `error` ("FILE: why"). */
struct trace_reader *trace_open(const char *path, char *error, size_t room);

/* The same from memory, which must outlive the reader; n > 0. */
struct trace_reader *trace_open_bytes(const void *bytes, size_t n);

/* 1: a block; 0: the end; -1: an error (trace_error), and no step of the broken
 * block is given out. */
int trace_next(struct trace_reader *, struct trace_block *);

/* "FILE:LINE: what is wrong" (binary: "FILE: block N: ..."). */
const char *trace_error(const struct trace_reader *);

void trace_close(struct trace_reader *);

/* ---- writing ------------------------------------------------------------- */

struct trace_writer;

enum trace_form { TRACE_TEXT, TRACE_BINARY };

/* NULL on failure; errno says why. `comment` (may be NULL) heads a text trace. */
struct trace_writer *trace_create(const char *path, enum trace_form, const char *comment);

void trace_put(struct trace_writer *, struct ht_op);

/* Completes the file. On failure returns false, leaves no file, and `why` says why. */
bool trace_finish(struct trace_writer *, char *why, size_t room);

/* Gives up writing: leaves no file. */
void trace_abandon(struct trace_writer *);

/* Gives bytes that begin with a binary trace's magic and version right hashes, block
 * after block as far as the sizes go: for fuzzers, whose inputs would else all be
 * refused. */
void trace_binary_mend(unsigned char *bytes, size_t n);

/* ---- a whole trace in memory --------------------------------------------- */

struct trace {
    struct ht_op *ops;
    size_t n, room;
};

/* Appends; aborts without memory. */
void trace_append(struct trace *, struct ht_op);
void trace_free(struct trace *);

/* All of a file, at most `limit` steps. False on failure, with the message in `error`. */
bool trace_load(struct trace *, const char *path, size_t limit, char *error, size_t room);

/* Decodes steps from arbitrary bytes (for fuzzers): every input is a valid trace,
 * with keys from a small set so that they meet again. */
void trace_decode(struct trace *, const unsigned char *bytes, size_t n);

#endif
