/* Traces: what both forms share; see trace.h.
 *
 * SPDX-License-Identifier: MIT */
#include "trace.h"

#include "check.h"
#include "set.h"
#include "trace_bytes.h"
#include "trace_form.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- names of steps -------------------------------------------------------- */

static const struct {
    const char *name;
    bool takes;
} kinds[HT_KINDS] = {
    [HT_GET] = {"get", true},
    [HT_PUT] = {"put", true},
    [HT_DEL] = {"del", true},
    [HT_CLEAR] = {"clear", false},
    [HT_COMPACT] = {"compact", false},
    [HT_COPY] = {"copy", false},
    [HT_REBUILD_COPY] = {"rebuild_copy", false},
    [HT_POP] = {"pop", false},
    [HT_RETAIN] = {"retain", true},
    [HT_RESERVE] = {"reserve", true},
    [HT_TICK] = {"tick", true},
    [HT_HOLD] = {"hold", false},
    [HT_RESUME] = {"resume", false},
    [HT_SCAN] = {"scan", false},
    [HT_USE] = {"use", true},
    [HT_DROP] = {"drop", false},
};

const char *trace_kind_name(enum ht_kind kind)
{
    return kinds[kind].name;
}

bool trace_kind_takes(enum ht_kind kind)
{
    return kinds[kind].takes;
}

enum ht_kind trace_kind_named(const char *name)
{
    unsigned kind = 0;
    while (kind < HT_KINDS && strcmp(kinds[kind].name, name) != 0)
        kind++;
    return (enum ht_kind)kind;
}

const char *trace_step_error(struct ht_op op)
{
    if (op.kind == HT_USE && op.key >= HT_TABLES_MAX)
        return "a table number must be below 1048576";
    if (op.kind == HT_RETAIN && op.key == 0)
        return "retain needs a modulus of at least 1";
    return NULL;
}

/* ---- reading ------------------------------------------------------------- */

void trace_fail(struct trace_reader *r, const char *format, ...)
{
    char what[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (r->line == 0) /* of the file as such */
        (void)snprintf(r->error, sizeof r->error, "%s: %s", r->path, what);
    else if (r->binary)
        (void)snprintf(r->error, sizeof r->error, "%s: block %llu: %s", r->path,
                       (unsigned long long)r->line, what);
    else
        (void)snprintf(r->error, sizeof r->error, "%s:%llu: %s", r->path,
                       (unsigned long long)r->line, what);
    r->failed = true;
}

size_t trace_fill(struct trace_reader *r, size_t wanted)
{
    if (r->have - r->at < wanted) {
        memmove(r->bytes, r->bytes + r->at, r->have - r->at);
        r->have -= r->at;
        r->at = 0;
        r->have += stream_read(r->stream, r->bytes + r->have, sizeof r->bytes - r->have);
    }
    return r->have - r->at;
}

static struct trace_reader *read_stream(struct stream *stream, const char *name)
{
    struct trace_reader *r = calloc(1, sizeof *r);
    CHECK(r);
    r->stream = stream;
    r->path = strdup(name);
    CHECK(r->path);
    if (trace_fill(r, sizeof trace_magic) >= sizeof trace_magic &&
        memcmp(r->bytes, trace_magic, sizeof trace_magic) == 0)
        r->binary = true;
    return r;
}

struct trace_reader *trace_open(const char *path, char *error, size_t room)
{
    struct stream *stream = stream_read_open(path);
    if (stream)
        return read_stream(stream, strcmp(path, "-") == 0 ? "(standard input)" : path);
    (void)snprintf(error, room, "%s: %s", path, strerror(errno));
    return NULL;
}

struct trace_reader *trace_open_bytes(const void *bytes, size_t n)
{
    return read_stream(stream_read_bytes(bytes, n), "(memory)");
}

int trace_next(struct trace_reader *r, struct trace_block *block)
{
    if (r->failed)
        return -1;
    if (r->ended)
        return 0;
    r->n = 0;
    if (r->binary)
        trace_binary_read(r);
    else
        trace_text_read(r);
    if (!r->failed && stream_error(r->stream))
        trace_fail(r, "%s", stream_error(r->stream));
    if (r->failed)
        return -1;
    *block = (struct trace_block){.ops = r->ops,
                                  .n = r->n,
                                  .first = r->steps,
                                  .has_checksum = r->binary,
                                  .checksum = r->checksum};
    r->steps += r->n;
    r->ended = r->n == 0;
    return r->n > 0;
}

const char *trace_error(const struct trace_reader *r)
{
    return r->error;
}

void trace_close(struct trace_reader *r)
{
    stream_abandon(r->stream);
    free(r->path);
    free(r);
}

/* ---- writing ------------------------------------------------------------- */

struct trace_writer *trace_create(const char *path, enum trace_form form, const char *comment)
{
    struct stream *stream = stream_write_open(path);
    if (!stream)
        return NULL;
    struct trace_writer *w = calloc(1, sizeof *w);
    CHECK(w);
    w->stream = stream;
    w->binary = form == TRACE_BINARY;
    if (w->binary) {
        w->model = model_create();
        trace_binary_begin(w);
    } else {
        trace_text_begin(w, comment);
    }
    return w;
}

static void write_block(struct trace_writer *w, bool last)
{
    if (w->binary)
        trace_binary_write(w, last);
    else
        trace_text_write(w, last);
    w->steps += w->n;
    w->n = 0;
}

void trace_put(struct trace_writer *w, struct ht_op op)
{
    w->ops[w->n++] = op;
    if (w->n == TRACE_BLOCK)
        write_block(w, false);
}

static void writer_free(struct trace_writer *w)
{
    if (w->model)
        model_destroy(w->model);
    free(w);
}

bool trace_finish(struct trace_writer *w, char *why, size_t room)
{
    write_block(w, true);
    bool good = stream_finish(w->stream, why, room);
    writer_free(w);
    return good;
}

void trace_abandon(struct trace_writer *w)
{
    stream_abandon(w->stream);
    writer_free(w);
}

/* ---- a whole trace in memory --------------------------------------------- */

static void make_room(struct trace *t, size_t room)
{
    t->room = room;
    t->ops = realloc(t->ops, room * sizeof *t->ops);
    CHECK(t->ops);
}

void trace_append(struct trace *t, struct ht_op op)
{
    if (t->n == t->room)
        make_room(t, t->room ? 2 * t->room : 1024);
    t->ops[t->n++] = op;
}

void trace_free(struct trace *t)
{
    free(t->ops);
    *t = (struct trace){0};
}

bool trace_load(struct trace *t, const char *path, size_t limit, char *error, size_t room)
{
    struct trace_reader *r = trace_open(path, error, room);
    if (!r)
        return false;
    struct trace_block block;
    int more;
    while ((more = trace_next(r, &block)) > 0) {
        for (size_t i = 0; i < block.n && t->n < limit; i++)
            trace_append(t, block.ops[i]);
    }
    if (more < 0)
        (void)snprintf(error, room, "%s", trace_error(r));
    trace_close(r);
    return more == 0;
}

void trace_decode(struct trace *t, const unsigned char *bytes, size_t n)
{
    if (t->room - t->n < n / 2) /* a fuzzer's trace is short: no more than it takes */
        make_room(t, t->n + n / 2);
    for (size_t i = 0; i + 1 < n; i += 2) {
        enum ht_kind kind = trace_byte_kind(bytes[i]);
        struct ht_op op = {.kind = kind, .key = bytes[i + 1]};
        if (kind == HT_USE)
            op.key %= 3;
        else if (kind == HT_RETAIN)
            op.key = op.key % 4 + 1;
        else if (!trace_kind_takes(kind))
            op.key = 0;
        trace_append(t, op);
    }
}
