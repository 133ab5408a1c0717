/* Files of bytes, compressed or not; see stream.h. Compression: libzstd.
 *
 * SPDX-License-Identifier: MIT */
#include "stream.h"

#include "check.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

/* libzstd is not built with MemorySanitizer, which takes all it writes for unwritten. */
#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define WRITTEN_BY_ZSTD(bytes, n) __msan_unpoison(bytes, n)
#endif
#endif
#ifndef WRITTEN_BY_ZSTD
#define WRITTEN_BY_ZSTD(bytes, n) ((void)0)
#endif

enum { PIECE = 1 << 16 };

struct stream {
    FILE *file;
    char *path, *unfinished; /* writing to a named file: its name, and its name until then */
    const char *error;
    ZSTD_DStream *inflate;
    ZSTD_CStream *deflate;
    ZSTD_inBuffer in; /* reading: what was read and is not yet given out */
    bool ended;       /* zstd: the last frame is complete */
    unsigned char piece[PIECE];
};

const char *volatile stream_unfinished; /* of the one file that is written at a time */

static struct stream *stream_new(FILE *file)
{
    struct stream *s = calloc(1, sizeof *s);
    CHECK(s);
    s->file = file;
    s->in.src = s->piece;
    return s;
}

static void stream_free(struct stream *s)
{
    if (s->file && s->file != stdin && s->file != stdout)
        (void)fclose(s->file);
    ZSTD_freeDStream(s->inflate);
    ZSTD_freeCStream(s->deflate);
    if (s->unfinished)
        stream_unfinished = NULL;
    free(s->path);
    free(s->unfinished);
    free(s);
}

/* ---- reading ------------------------------------------------------------- */

static void refill(struct stream *s)
{
    size_t kept = s->in.size - s->in.pos;
    memmove(s->piece, s->piece + s->in.pos, kept);
    s->in.pos = 0;
    s->in.size = kept + fread(s->piece + kept, 1, PIECE - kept, s->file);
    if (ferror(s->file))
        s->error = strerror(errno);
}

/* Reads the first piece and looks whether it is compressed. */
static struct stream *read_first(FILE *file)
{
    static const unsigned char magic[4] = {0x28, 0xb5, 0x2f, 0xfd}; /* RFC 8878, 3.1.1 */
    struct stream *s = stream_new(file);
    refill(s);
    if (s->in.size >= sizeof magic && memcmp(s->piece, magic, sizeof magic) == 0) {
        s->inflate = ZSTD_createDStream();
        CHECK(s->inflate);
    }
    return s;
}

struct stream *stream_read_open(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    return file ? read_first(file) : NULL;
}

struct stream *stream_read_bytes(const void *bytes, size_t n)
{
    FILE *file = fmemopen((void *)(uintptr_t)bytes, n, "rb");
    CHECK(file);
    return read_first(file);
}

static size_t read_plain(struct stream *s, unsigned char *bytes, size_t room)
{
    size_t have = s->in.size - s->in.pos;
    size_t n = have < room ? have : room;
    memcpy(bytes, s->piece + s->in.pos, n);
    s->in.pos += n;
    return n;
}

static size_t read_zstd(struct stream *s, unsigned char *bytes, size_t room)
{
    ZSTD_outBuffer out = {bytes, room, 0};
    size_t before = s->in.pos;
    size_t left = ZSTD_decompressStream(s->inflate, &out, &s->in);
    WRITTEN_BY_ZSTD(bytes, out.pos);
    if (ZSTD_isError(left))
        s->error = "the zstd data is corrupted";
    if (out.pos || s->in.pos != before)
        s->ended = left == 0;
    return out.pos;
}

size_t stream_read(struct stream *s, void *bytes, size_t room)
{
    unsigned char *to = bytes;
    size_t done = 0;
    while (done < room && !s->error) {
        if (s->in.pos == s->in.size)
            refill(s);
        size_t n = s->inflate ? read_zstd(s, to + done, room - done)
                              : read_plain(s, to + done, room - done);
        done += n;
        if (n == 0 && s->in.size == 0 && !s->error) {
            if (s->inflate && !s->ended)
                s->error = "the zstd data is truncated";
            break;
        }
    }
    return done;
}

const char *stream_error(const struct stream *s)
{
    return s->error;
}

void stream_abandon(struct stream *s)
{
    if (s->unfinished)
        (void)unlink(s->unfinished);
    stream_free(s);
}

/* ---- writing ------------------------------------------------------------- */

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcmp(path + n - m, ending) == 0;
}

/* A regular file is written under another name until it is complete; its name is
 * the one behind any symbolic links. */
static struct stream *write_aside(const char *path)
{
    char *name = realpath(path, NULL);
    if (!name)
        name = strdup(path); /* not there yet */
    CHECK(name);
    size_t room = strlen(name) + sizeof ".unfinished";
    char *unfinished = malloc(room);
    CHECK(unfinished);
    (void)snprintf(unfinished, room, "%s.unfinished", name);
    stream_unfinished = unfinished;
    FILE *file = fopen(unfinished, "wb");
    if (!file) {
        stream_unfinished = NULL;
        free(unfinished);
        free(name);
        return NULL;
    }
    struct stream *s = stream_new(file);
    s->path = name;
    s->unfinished = unfinished;
    return s;
}

/* Devices and pipes are written to, not replaced. */
static struct stream *write_into(const char *path)
{
    FILE *file = fopen(path, "wb");
    return file ? stream_new(file) : NULL;
}

struct stream *stream_write_open(const char *path)
{
    struct stat about;
    struct stream *s;
    if (strcmp(path, "-") == 0)
        s = stream_new(stdout);
    else if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
        s = write_into(path);
    else
        s = write_aside(path);
    if (s && ends_in(path, ".zst")) {
        s->deflate = ZSTD_createCStream();
        CHECK(s->deflate && !ZSTD_isError(ZSTD_initCStream(s->deflate, 19)));
    }
    return s;
}

static bool write_plain(struct stream *s, const void *bytes, size_t n)
{
    if (n && fwrite(bytes, 1, n, s->file) != n)
        s->error = strerror(errno);
    return !s->error;
}

/* Compresses, and with ZSTD_e_end completes the frame. */
static bool write_zstd(struct stream *s, const void *bytes, size_t n, ZSTD_EndDirective end)
{
    ZSTD_inBuffer in = {bytes, n, 0};
    size_t left;
    do {
        ZSTD_outBuffer out = {s->piece, PIECE, 0};
        left = ZSTD_compressStream2(s->deflate, &out, &in, end);
        CHECK(!ZSTD_isError(left));
        if (!write_plain(s, s->piece, out.pos))
            return false;
    } while (in.pos < in.size || (end == ZSTD_e_end && left));
    return true;
}

bool stream_write(struct stream *s, const void *bytes, size_t n)
{
    if (s->error)
        return false;
    return s->deflate ? write_zstd(s, bytes, n, ZSTD_e_continue) : write_plain(s, bytes, n);
}

bool stream_finish(struct stream *s, char *why, size_t room)
{
    if (!s->error && s->deflate)
        (void)write_zstd(s, NULL, 0, ZSTD_e_end);
    if (!s->error && fflush(s->file) != 0)
        s->error = strerror(errno);
    if (!s->error && s->file != stdout) {
        int closed = fclose(s->file);
        s->file = NULL;
        if (closed != 0 || (s->path && rename(s->unfinished, s->path) != 0))
            s->error = strerror(errno);
    }
    bool good = !s->error;
    if (!good) {
        (void)snprintf(why, room, "%s", s->error);
        stream_abandon(s);
    } else {
        stream_free(s);
    }
    return good;
}
