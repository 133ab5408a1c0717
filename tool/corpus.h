/* The corpus, decoded: the fuzzers' inputs and the traces that once showed a bug,
 * for whoever replays them all on every table.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CORPUS_H
#define EBB_CORPUS_H

#include "replay.h"

struct corpus_input {
    char *path;
    struct replay_options options; /* what it chooses, the allocation that fails included */
    struct trace trace;
};

struct corpus {
    struct corpus_input *inputs; /* sorted by path */
    size_t n;
};

/* Reads FOLDER/seed/TARGET/NAME, but for the targets that read traces, and the text
 * traces FOLDER/regress/NAME.trace and FOLDER/witness/NAME.trace. Inputs of another version are left out and said to be on
 * standard error. False where a trace cannot be read; `error` says why. Aborts without
 * memory. */
bool corpus_load(struct corpus *, const char *folder, char *error, size_t room);
void corpus_free(struct corpus *);

/* Does it ask for a weak hash, which only checked builds have? */
bool corpus_weak_hash(const struct corpus_input *);

/* Step number i of an input; on a table that keeps no order `pop` becomes `get`, as in
 * the fuzz targets. */
struct ht_op corpus_step(const struct corpus_input *, size_t i, const struct ht_table *);

/* Replays an input on another table than it chose, with or without its failing
 * allocations. After each step `after` is called, unless it is NULL. Returns
 * !result->failed. */
bool corpus_replay(const struct corpus_input *, const struct ht_table *, bool starved,
                   void (*after)(void *arg, struct replay *), void *arg,
                   struct replay_result *result);

/* All of a file; free it. NULL: errno says why. */
unsigned char *corpus_read_file(const char *path, size_t *n);

#endif
