/* Workloads: named generators of traces.
 *
 * A file bench/workload/NAME.c defines `const struct workload workload_NAME`
 * and nothing else that is visible. A workload of size n has at most about n
 * entries live at once, and its steps are a small multiple of n, whatever n is.
 * It is a function of n, seed, key kind and variant alone: the same everywhere.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_WORKLOAD_H
#define EBB_WORKLOAD_H

#include "trace.h"

enum key_kind {
    KEYS_RANDOM,     /* splitmix64 of the ordinal */
    KEYS_SEQUENTIAL, /* the ordinal */
    KEYS_POINTER,    /* addresses as an allocator of 48-byte blocks gives them */
    KEY_KINDS
};

struct gen {
    uint64_t n;
    uint64_t seed;
    enum key_kind keys;
    unsigned variant; /* index into workload.variants */

    void (*emit)(void *arg, struct ht_op);
    void *arg;
    uint64_t steps; /* emitted so far */
    uint64_t mark;  /* the step where the aftermath begins; steps if there is none */
    bool marked;
    uint64_t random; /* state of gen_random */
};

struct workload {
    const char *name;
    const char *summary;         /* what happens, one line */
    const char *hurts;           /* whom it favours and whom it hurts, one sentence */
    const char *const *variants; /* names, ended by NULL; NULL if there is only one form */
    bool headline; /* stands in the report itself, and is measured at large sizes too */
    bool ordered;  /* uses `pop`: for tables that keep order */
    bool unasked;  /* releases nothing by compact, copy or clear */
    void (*generate)(struct gen *);
};

extern const struct workload *const workloads[]; /* generated from bench/workload; ended by NULL */

/* "NAME" or "NAME.VARIANT"; NULL if unknown. Without a variant it is the first. */
const struct workload *workload_find(const char *name, unsigned *variant);

/* "NAME" or "NAME.VARIANT" into `out`. */
void workload_title(const struct workload *, unsigned variant, char *out, size_t room);

/* How many forms it has: at least 1. */
unsigned workload_forms(const struct workload *);

/* "random", "sequential", "pointer"; KEY_KINDS if unknown. */
const char *key_kind_name(enum key_kind);
enum key_kind key_kind_named(const char *name);

/* Emits the whole trace. n of at least 1. Returns the step where the aftermath
 * begins (the number of steps if there is none). */
uint64_t workload_generate(const struct workload *, unsigned variant, uint64_t n, uint64_t seed,
                           enum key_kind, void (*emit)(void *, struct ht_op), void *arg);

/* ---- for the generators ----------------------------------------------------- */

/* Steps on the key with this ordinal; ordinals are below 2^40. */
void gen_put(struct gen *, uint64_t ordinal);
void gen_get(struct gen *, uint64_t ordinal);
void gen_del(struct gen *, uint64_t ordinal);

/* A get of a key that no ordinal has: always a miss. */
void gen_miss(struct gen *, uint64_t which);

/* Any other step. */
void gen_step(struct gen *, enum ht_kind, uint64_t argument);

/* The steps from here on are the aftermath: what lookups and scans cost in the
 * table that the deletions have left. Reported apart, beside fresh tables. */
void gen_mark(struct gen *);

/* A number below `bound`, which is at least 1. */
uint64_t gen_random(struct gen *, uint64_t bound);

/* The numbers 0 to count-1 in random order; free() it. */
uint64_t *gen_shuffled(struct gen *, uint64_t count);

#endif
