/* Traces survive a round trip in every form, and damage is found.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

#include <unistd.h>

static char folder[] = "/tmp/ebb-trace-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_trace(const struct trace *t, const char *name, enum trace_form form)
{
    char why[200];
    struct trace_writer *w = trace_create(in_folder(name), form, "a test");
    CHECK(w);
    for (size_t i = 0; i < t->n; i++)
        trace_put(w, t->ops[i]);
    CHECK(trace_finish(w, why, sizeof why));
}

static void round_trip(const struct trace *t, const char *name, enum trace_form form)
{
    char error[400];
    struct trace back = {0};
    write_trace(t, name, form);
    CHECK(trace_load(&back, in_folder(name), SIZE_MAX, error, sizeof error));
    CHECK(back.n == t->n);
    for (size_t i = 0; i < t->n; i++)
        CHECK(back.ops[i].kind == t->ops[i].kind && back.ops[i].key == t->ops[i].key);
    trace_free(&back);
}

static struct trace extreme_keys(void)
{
    struct trace t = {0};
    static const uint64_t keys[] = {0, 1, UINT64_MAX, UINT64_C(1) << 63, 255, 256, 65536};
    for (size_t i = 0; i < 9000; i++)
        trace_append(&t, (struct ht_op){.kind = HT_PUT, .key = keys[i % 7] - i / 7});
    return t;
}

/* Reads a whole file; the caller frees it. */
static unsigned char *slurp(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    CHECK(file && fseek(file, 0, SEEK_END) == 0);
    *n = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*n);
    CHECK(bytes && fread(bytes, 1, *n, file) == *n);
    (void)fclose(file);
    return bytes;
}

static void spit(const char *path, const unsigned char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(bytes, 1, n, file) == n);
    CHECK(fclose(file) == 0);
}

/* Whatever is read of a damaged file before the error is a prefix of the trace,
 * in whole blocks. Returns whether there was an error. */
static bool damage_is_seen(const struct trace *t, const char *path)
{
    char error[400];
    size_t read = 0;
    struct trace_block block;
    struct trace_reader *r = trace_open(path, error, sizeof error);
    if (!r)
        return true;
    int more;
    while ((more = trace_next(r, &block)) > 0) {
        for (size_t i = 0; i < block.n; i++, read++)
            CHECK(read < t->n && block.ops[i].key == t->ops[read].key &&
                  block.ops[i].kind == t->ops[read].kind);
    }
    trace_close(r);
    return more < 0;
}

static void damage(const struct trace *t)
{
    size_t n;
    write_trace(t, "good", TRACE_BINARY);
    unsigned char *bytes = slurp(in_folder("good"), &n);
    for (size_t at = 0; at < n; at += at < 200 ? 1 : 97) {
        unsigned char was = bytes[at];
        bytes[at] ^= (unsigned char)(1u << at % 8);
        spit(in_folder("bad"), bytes, n);
        CHECK(damage_is_seen(t, in_folder("bad")));
        bytes[at] = was;
    }
    for (size_t length = 0; length < n; length += length < 200 ? 1 : 997) {
        spit(in_folder("bad"), bytes, length);
        CHECK(length == 0 || damage_is_seen(t, in_folder("bad")));
    }
    free(bytes);
}

static void malformed(const char *text, const char *expected)
{
    char error[400];
    struct trace t = {0};
    spit(in_folder("text"), (const unsigned char *)text, strlen(text));
    CHECK(!trace_load(&t, in_folder("text"), SIZE_MAX, error, sizeof error));
    if (!strstr(error, expected)) {
        (void)fprintf(stderr, "'%s' gives '%s', expected '%s'\n", text, error, expected);
        exit(1);
    }
    trace_free(&t);
}

int main(void)
{
    CHECK(mkdtemp(folder));
    struct trace random = test_random_trace(7, 10000, 250, true), keys = extreme_keys();
    struct trace empty = {0};
    static const char *const names[] = {"plain", "packed.zst"};
    for (size_t i = 0; i < 2; i++) {
        for (unsigned form = TRACE_TEXT; form <= TRACE_BINARY; form++) {
            round_trip(&random, names[i], (enum trace_form)form);
            round_trip(&keys, names[i], (enum trace_form)form);
            round_trip(&empty, names[i], (enum trace_form)form);
        }
    }
    damage(&keys);
    malformed("put 1\nput\n", "text:2: 'put' needs a number");
    malformed("put 1\nclear 3\n", "text:2: 'clear' takes no number");
    malformed("# good\n\nput x\n", "text:3: 'x' is not a number");
    malformed("put 18446744073709551616\n", "text:1: '18446744073709551616' is not a number");
    malformed("put -1\n", "text:1: '-1' is not a number");
    malformed("put 1 2\n", "text:1: '2' is one word too many");
    malformed("frob 1\n", "text:1: unknown step 'frob'");
    malformed("use 99999999999\n", "text:1: a table number must be below");
    malformed("retain 0\n", "text:1: retain needs a modulus");
    trace_free(&random);
    trace_free(&keys);
    static const char *const left[] = {"plain", "packed.zst", "good", "bad", "text"};
    for (size_t i = 0; i < 5; i++)
        (void)unlink(in_folder(left[i]));
    CHECK(rmdir(folder) == 0); /* no half-written file is left */
    return 0;
}
