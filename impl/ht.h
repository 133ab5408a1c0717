/* The one interface every hash table in this project is seen through.
 *
 * Keys and values are 64-bit words. Only allocation can fail: the operation
 * then returns its error and leaves contents, bytes and slots as they were.
 * `del` and `clear` never fail; a strategy that would like memory in order to
 * reclaim some, and gets none, puts the work off (a debt) and tries again at
 * the next change. Threads are out of scope: a table belongs to one.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_HT_H
#define EBB_HT_H

#include "mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ht; /* a table's handle; each table defines its own */
struct ht_promise;

/* ---- the steps of a trace ------------------------------------------------ */

enum ht_kind {
    HT_GET,
    HT_PUT, /* stores the index of its own step, so that a stale value shows */
    HT_DEL,
    HT_CLEAR,
    HT_COMPACT,      /* give back what can be given back, now */
    HT_COPY,         /* replace the table by its copy, as the strategy copies */
    HT_REBUILD_COPY, /* replace it by one filled anew: Python's dict(d) */
    HT_POP,          /* remove the newest entry; ordered tables only */
    HT_RETAIN,       /* visit all, deleting those with ht_mix(key) % argument == 0 */
    HT_RESERVE,      /* hold so many entries without a rebuild; the floor from now on */
    HT_TICK,         /* so many idle moments: time for work put off */
    HT_HOLD,         /* no automatic release until ... */
    HT_RESUME,       /* ... here */
    HT_SCAN,         /* visit every entry */
    HT_USE,          /* the following steps go to table number `argument` */
    HT_DROP,         /* destroy the current table; a step without `use` after it finds a new one */
    HT_KINDS
};

struct ht_op {
    uint64_t key; /* the key, or the argument of the kind */
    enum ht_kind kind;
};

enum ht_put { HT_NEW, HT_REPLACED, HT_NOMEM };

/* ---- what a table tells of itself ---------------------------------------- */

/* Traits: what a trace may ask, and what a report must say. Macros, since a
 * strategy's needs are compared with an engine's traits by the preprocessor. */
#define HT_ORDERED 1u    /* keeps insertion order: `pop` works */
#define HT_DEAD_SLOTS 2u /* erasing leaves dead slots */
#define HT_MOVES 4u      /* erasing moves other entries */
#define HT_SILENT 8u     /* answers nothing: the harness's own cost (peer/null) */
#define HT_PROFILED 16u  /* reports sizes by a CPython version's profile */
/* ... of peers: what somebody else's table does not have. */
#define HT_NEEDS_MEMORY 32u /* a failed allocation ends the process: never starved on purpose */
#define HT_NO_COMPACT 64u   /* no call that gives memory back: `compact` does nothing */
#define HT_NO_COPY 128u     /* no copy of its own: traces with `copy` are not for it */
#define HT_NO_RESERVE 256u  /* no call that makes room ahead: `reserve` does nothing */
#define HT_UNCOUNTED 512u   /* its bytes cannot be counted by the block: an estimate */
#define HT_THREADS 1024u    /* its runtime has threads: it does not work in a forked process */
/* ... of any table. */
#define HT_MANY 2048u /* get_many overlaps the waits of its keys */

/* Keys of one get_many at most: one bit each of what it answers. With 8 nothing was gained, with 16
 * most of it (DESIGN.md, section 5). */
enum { HT_MANY_KEYS = 32 };

struct ht_stats {
    size_t live, dead, slots, usable; /* slots == 0: the static empty table */
    size_t reserved;                  /* the floor, in entries */
    size_t held;                      /* bytes, without the handle, by the table's own account */
    size_t reported;                  /* what a profile reports; held where there is none */
    bool debt;                        /* work put off for want of memory */
    bool holding;                     /* between hold and resume */
    uint64_t moved;                   /* entries copied to another slot, ever */
    uint64_t shifted;                 /* of these, by the engine to close holes */
    uint64_t moved_most;              /* most by one step */
    uint64_t rebuilds;
    uint64_t visited; /* slots looked at by scan, retain and wiping clears */
    uint64_t probed;  /* by all tables of the process so far, in a checked build; see probes.h */
};

struct ht_config {
    uint64_t seed;    /* of the hash */
    unsigned profile; /* index into cpython_profiles; other engines ignore it */
};

/* Sizes an engine can have. `slots` is always one that round() returned. */
struct ht_geometry {
    size_t least;                   /* the fewest slots of a table that holds memory */
    size_t (*round)(size_t slots);  /* the next possible number of slots, 0 if there is none */
    size_t (*usable)(size_t slots); /* entries it may hold before it must rebuild */
    size_t (*bytes)(size_t slots, unsigned profile);
    size_t (*probes)(size_t slots); /* most probes of one lookup, whatever the hash */
};

typedef void ht_visit(void *arg, uint64_t key, uint64_t value);

/* The tables of one trace; `use` and `drop` move between them. See set.h. */
struct ht_set;

struct ht_table {
    const char *name;   /* "engine/strategy" or "peer/NAME" */
    const char *engine; /* strategies are ablations only within one engine */
    const char *strategy;
    const char *summary; /* one line, printed in reports */
    const char *absent;  /* why this pair does not exist; then all below is NULL */
    unsigned traits;
    const struct ht_geometry *geometry; /* NULL: sizes unknown */
    const struct ht_promise *promise;   /* NULL: promises nothing */

    /* One operation a call: for fuzzing and tests. */
    struct ht *(*create)(struct ht_mem *, const struct ht_config *); /* NULL: no memory */
    void (*destroy)(struct ht *);
    enum ht_put (*put)(struct ht *, uint64_t key, uint64_t value);
    bool (*get)(const struct ht *, uint64_t key, uint64_t *value);
    /* The same for `n` keys, HT_MANY_KEYS at most, which may repeat: bit i says whether keys[i] is
     * there, and then values[i] is its value. */
    uint32_t (*get_many)(const struct ht *, const uint64_t *keys, uint64_t *values, unsigned n);
    bool (*del)(struct ht *, uint64_t key);
    void (*clear)(struct ht *);
    bool (*compact)(struct ht *); /* false: no memory, as the three below */
    bool (*copy)(struct ht *);
    bool (*rebuild_copy)(struct ht *);
    bool (*reserve)(struct ht *, uint64_t entries);
    bool (*pop)(struct ht *, uint64_t *key, uint64_t *value); /* false: empty, or not ordered */
    uint64_t (*retain)(struct ht *, uint64_t modulus); /* sum of ht_entry_sum over the survivors */
    void (*tick)(struct ht *, uint64_t moments);
    void (*hold)(struct ht *);
    void (*resume)(struct ht *);
    void (*each)(const struct ht *, ht_visit *, void *arg); /* in order, where there is one */
    void (*stats)(const struct ht *, struct ht_stats *);
    const char *(*check)(const struct ht *); /* NULL, or the first broken invariant; O(n) */

    /* Writes all that the table's later answers, sizes and moves depend on into
     * `bytes` and returns how long that is; more than `room` means it did not
     * fit. Equal images behave alike: for exhaustive search. NULL for peers. */
    size_t (*image)(const struct ht *, unsigned char *bytes, size_t room);

    /* The reference rows of a report: rebuild into exactly `slots`, or into the
     * fit of the live entries if 0. Not a step of a trace. NULL for peers. */
    bool (*rebuild_to)(struct ht *, size_t slots);

    /* A whole slice of a trace a call: for benchmarks. The same operations,
     * inlined into one loop. `first` is the index of ops[0] in its trace.
     * Returns the checksum of the results (see define.h). Allocation failure
     * aborts: a benchmark without memory has no result. */
    uint64_t (*run)(struct ht_set *, const struct ht_op *ops, size_t n, uint64_t first);
};

/* Every table and peer linked in, in a fixed order, ended by NULL. The list is
 * generated from the names of the files. */
extern const struct ht_table *const ht_tables[];

/* Peers left out of this build, each "NAME: why", ended by NULL. */
extern const char *const ht_skipped[];

/* The table of that name, or NULL. Pairs that do not exist are not found. */
const struct ht_table *ht_find_table(const char *name);

/* Is it somebody else's table (and not peer/null)? */
bool ht_is_peer(const struct ht_table *);

/* Does `name` match the glob `pattern`? A NULL pattern matches all. */
bool ht_glob(const char *pattern, const char *name);

#ifdef __cplusplus
}
#endif
#endif
