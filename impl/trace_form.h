/* Between trace.c and the two forms: how a form is read and written.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_TRACE_FORM_H
#define EBB_TRACE_FORM_H

#include "model.h"
#include "stream.h"
#include "trace.h"

#include <stdio.h>

struct trace_reader {
    struct stream *stream;
    char *path;
    char error[400];
    bool binary, failed, ended;
    uint64_t steps; /* given out so far */
    uint64_t line;  /* text: of the last line read; binary: blocks read */
    size_t n;       /* steps in ops */
    uint64_t checksum;
    struct ht_op ops[TRACE_BLOCK];
    /* bytes read and not yet used */
    unsigned char bytes[1 << 16];
    size_t at, have;
};

struct trace_writer {
    struct stream *stream;
    bool binary;
    struct model *model; /* binary: for the checksums */
    uint64_t steps;
    size_t n; /* steps in ops, not yet written */
    struct ht_op ops[TRACE_BLOCK];
};

/* Read up to a block into reader->ops and set n (0 at the end); on error call
 * trace_fail. */
void trace_text_read(struct trace_reader *);
void trace_binary_read(struct trace_reader *);

/* Write the block in writer->ops; `last` also what ends the form. */
void trace_text_write(struct trace_writer *, bool last);
void trace_binary_write(struct trace_writer *, bool last);

void trace_text_begin(struct trace_writer *, const char *comment);
void trace_binary_begin(struct trace_writer *);

/* Makes `wanted` bytes (at most sizeof bytes) available at reader->bytes +
 * reader->at, or as many as there are; returns how many. */
size_t trace_fill(struct trace_reader *, size_t wanted);

/* "FILE:LINE: ..." for text, "FILE: block N: ..." for binary. */
__attribute__((format(printf, 2, 3))) void trace_fail(struct trace_reader *, const char *format,
                                                      ...);

extern const char trace_magic[4];
enum { TRACE_VERSION = 1 };

#endif
