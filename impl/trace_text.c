/* The text form of traces: one step a line.
 *
 *   # a comment, also behind a step
 *   put 17
 *   get 0x2a        decimal, or hexadecimal with 0x
 *   clear
 *
 * SPDX-License-Identifier: MIT */
#include "trace_form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096 };

/* The next line without its end; NULL at the end of the file or on an error. */
static char *next_line(struct trace_reader *r)
{
    size_t have = trace_fill(r, LINE_MAX_BYTES + 1);
    if (have == 0)
        return NULL;
    r->line++;
    char *line = (char *)r->bytes + r->at;
    char *end = memchr(line, '\n', have);
    if ((end ? (size_t)(end - line) : have) > LINE_MAX_BYTES) {
        trace_fail(r, "the line is longer than %d bytes", LINE_MAX_BYTES);
        return NULL;
    }
    size_t length = end ? (size_t)(end - line) : have;
    if (memchr(line, '\0', length)) {
        trace_fail(r, "the line holds a zero byte: this is no text trace");
        return NULL;
    }
    if (!end && r->have == sizeof r->bytes) { /* make room for the terminator */
        memmove(r->bytes, line, have);
        r->at = 0;
        r->have = have;
        line = (char *)r->bytes;
    }
    line[length] = '\0';
    r->at += length + (end != NULL);
    return line;
}

static bool parse_number(const char *word, uint64_t *number)
{
    if (word[0] < '0' || word[0] > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(word, &end, word[0] == '0' && word[1] == 'x' ? 16 : 10);
    *number = value;
    return errno == 0 && *end == '\0';
}

static bool is_printable(const char *word)
{
    while (*word >= ' ' && *word <= '~')
        word++;
    return *word == '\0';
}

static void parse_step(struct trace_reader *r, const char *name, const char *argument,
                       const char *extra)
{
    struct ht_op op = {.kind = trace_kind_named(name)};
    if (!is_printable(name) || (argument && !is_printable(argument)) ||
        (extra && !is_printable(extra)))
        trace_fail(r, "a byte that is no letter, digit or sign: this is no text trace");
    else if (op.kind == HT_KINDS)
        trace_fail(r,
                   "unknown step '%.40s' (known: put get del clear compact copy rebuild_copy pop "
                   "retain reserve tick hold resume scan use drop)",
                   name);
    else if (trace_kind_takes(op.kind) && !argument)
        trace_fail(r, "'%s' needs a number", name);
    else if (!trace_kind_takes(op.kind) && argument)
        trace_fail(r, "'%s' takes no number", name);
    else if (extra)
        trace_fail(r, "'%.40s' is one word too many", extra);
    else if (argument && !parse_number(argument, &op.key))
        trace_fail(r, "'%.40s' is not a number of 64 bits", argument);
    else if (trace_step_error(op))
        trace_fail(r, "%s", trace_step_error(op));
    else
        r->ops[r->n++] = op;
}

void trace_text_read(struct trace_reader *r)
{
    static const char blank[] = " \t\r";
    char *line;
    while (r->n < TRACE_BLOCK && !r->failed && (line = next_line(r))) {
        line[strcspn(line, "#")] = '\0';
        char *rest = NULL;
        const char *name = strtok_r(line, blank, &rest);
        if (!name)
            continue;
        const char *argument = strtok_r(NULL, blank, &rest);
        const char *extra = strtok_r(NULL, blank, &rest);
        parse_step(r, name, argument, extra);
    }
}

void trace_text_begin(struct trace_writer *w, const char *comment)
{
    if (!comment)
        return;
    (void)stream_write(w->stream, "# ", 2);
    (void)stream_write(w->stream, comment, strlen(comment));
    (void)stream_write(w->stream, "\n", 1);
}

void trace_text_write(struct trace_writer *w, bool last)
{
    (void)last; /* text needs no end */
    for (size_t i = 0; i < w->n; i++) {
        char line[64];
        struct ht_op op = w->ops[i];
        int n = trace_kind_takes(op.kind)
                    ? snprintf(line, sizeof line, "%s %llu\n", trace_kind_name(op.kind),
                               (unsigned long long)op.key)
                    : snprintf(line, sizeof line, "%s\n", trace_kind_name(op.kind));
        (void)stream_write(w->stream, line, (size_t)n);
    }
}
