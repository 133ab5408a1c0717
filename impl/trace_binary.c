/* The binary form of traces.
 *
 *   file     "ebbt", version (1 byte), blocks, an end block
 *   block    n (u32), size (u32), checksum (u64), hash (u64), size bytes of steps
 *   end      a block with n = 0 and size = 8: the number of steps in the file (u64)
 *   step     one byte: kind, and for those with an argument in its upper half how
 *            the argument follows: 0 to 8 bytes of zigzag(argument - the last
 *            one in the block of the same class); keys are one class, the rest
 *            another
 *
 * Numbers are little-endian. `checksum` is what define.h says, by the model.
 * `hash` is XXH64 of the steps, seeded with XXH64 of n, size and checksum as
 * stored, seeded with the block's number: a block is found wrong if a bit of it
 * flips or if it stands elsewhere. Every block decodes alone.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "define.h"
#include "trace_form.h"

#include <string.h>
#include <xxhash.h>

const char trace_magic[4] = {'e', 'b', 'b', 't'};

enum { HEADER = 24, HASHED = 16, STEP_MAX = 9 };

static uint64_t load(const unsigned char *bytes, unsigned n)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < n; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    return value;
}

static void store(unsigned char *bytes, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t zigzag(uint64_t difference)
{
    return difference << 1 ^ (0 - (difference >> 63));
}

static uint64_t unzigzag(uint64_t value)
{
    return value >> 1 ^ (0 - (value & 1));
}

/* Arguments of keyed steps lie near other keys; table numbers and the like do not. */
static unsigned class_of(enum ht_kind kind)
{
    return kind > HT_DEL;
}

static uint64_t hash_block(const unsigned char *header, const unsigned char *steps, size_t size,
                           uint64_t number)
{
    return XXH64(steps, size, XXH64(header, HASHED, number));
}

/* ---- reading ------------------------------------------------------------- */

static void decode(struct trace_reader *r, const unsigned char *at, size_t size, size_t n)
{
    const unsigned char *end = at + size;
    uint64_t last[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (at == end)
            break;
        unsigned kind = *at & 15, width = *at >> 4;
        at++;
        struct ht_op op = {.kind = (enum ht_kind)kind};
        if (trace_kind_takes(op.kind)) {
            if (width > 8 || (size_t)(end - at) < width)
                break;
            op.key = last[class_of(op.kind)] + unzigzag(load(at, width));
            last[class_of(op.kind)] = op.key;
            at += width;
        }
        if (trace_step_error(op)) {
            trace_fail(r, "%s", trace_step_error(op));
            return;
        }
        r->ops[r->n++] = op;
    }
    if (r->n != n || at != end)
        trace_fail(r, "the steps do not fill the block");
}

/* The magic and the version, once. */
static bool read_begin(struct trace_reader *r)
{
    if (trace_fill(r, 5) < 5) {
        trace_fail(r, "the file ends before its version");
        return false;
    }
    if (r->bytes[r->at + 4] != TRACE_VERSION) {
        trace_fail(r, "version %u; this program reads version %d", r->bytes[r->at + 4],
                   TRACE_VERSION);
        return false;
    }
    r->at += 5;
    return true;
}

void trace_binary_read(struct trace_reader *r)
{
    if (r->line == 0 && !read_begin(r))
        return;
    r->line++;
    if (trace_fill(r, HEADER) < HEADER) {
        trace_fail(r, "the file is truncated: no end block");
        return;
    }
    const unsigned char *header = r->bytes + r->at;
    size_t n = (size_t)load(header, 4), size = (size_t)load(header + 4, 4);
    r->checksum = load(header + 8, 8);
    if (n > TRACE_BLOCK || size > (size_t)TRACE_BLOCK * STEP_MAX) {
        trace_fail(r, "the block's header is damaged");
        return;
    }
    if (trace_fill(r, HEADER + size) < HEADER + size) {
        trace_fail(r, "the file is truncated inside a block");
        return;
    }
    header = r->bytes + r->at; /* filling may have moved it */
    const unsigned char *steps = header + HEADER;
    if (hash_block(header, steps, size, r->line) != load(header + HASHED, 8)) {
        trace_fail(r, "the block is damaged: its hash differs");
        return;
    }
    r->at += HEADER + size;
    if (n > 0) {
        decode(r, steps, size, n);
    } else if (size != 8 || load(steps, 8) != r->steps) {
        trace_fail(r, "the file is damaged: blocks are missing");
    } else if (trace_fill(r, 1) > 0) {
        trace_fail(r, "something follows the end block");
    }
}

void trace_binary_mend(unsigned char *bytes, size_t n)
{
    size_t at = sizeof trace_magic + 1;
    for (uint64_t number = 1; n >= HEADER && at <= n - HEADER; number++) {
        size_t size = (size_t)load(bytes + at + 4, 4);
        if (size > n - at - HEADER)
            return;
        store(bytes + at + HASHED, hash_block(bytes + at, bytes + at + HEADER, size, number), 8);
        at += HEADER + size;
    }
}

/* ---- writing ------------------------------------------------------------- */

static unsigned char *encode(unsigned char *at, struct ht_op op, uint64_t last[2])
{
    unsigned width = 0;
    if (trace_kind_takes(op.kind)) {
        uint64_t value = zigzag(op.key - last[class_of(op.kind)]);
        last[class_of(op.kind)] = op.key;
        while (width < 8 && value >> (8 * width))
            width++;
        store(at + 1, value, width);
    }
    *at = (unsigned char)(op.kind | width << 4);
    return at + 1 + width;
}

static void write_block(struct trace_writer *w, const unsigned char *steps, size_t n, size_t size,
                        uint64_t checksum, uint64_t number)
{
    unsigned char header[HEADER];
    store(header, n, 4);
    store(header + 4, size, 4);
    store(header + 8, checksum, 8);
    store(header + HASHED, hash_block(header, steps, size, number), 8);
    (void)stream_write(w->stream, header, sizeof header);
    (void)stream_write(w->stream, steps, size);
}

void trace_binary_begin(struct trace_writer *w)
{
    unsigned char version = TRACE_VERSION;
    (void)stream_write(w->stream, trace_magic, sizeof trace_magic);
    (void)stream_write(w->stream, &version, 1);
}

void trace_binary_write(struct trace_writer *w, bool last)
{
    unsigned char steps[(size_t)TRACE_BLOCK * STEP_MAX], *at = steps;
    uint64_t keys[2] = {0, 0}, sum = 0, number = w->steps / TRACE_BLOCK + 1;
    for (size_t i = 0; i < w->n; i++) {
        at = encode(at, w->ops[i], keys);
        sum = ht_fold(sum, model_apply(w->model, w->ops[i], w->steps + i));
    }
    if (w->n) {
        write_block(w, steps, w->n, (size_t)(at - steps), sum, number);
        number++;
    }
    if (last) {
        store(steps, w->steps + w->n, 8);
        write_block(w, steps, 0, 8, 0, number);
    }
}
