/* What peers share: counting their bytes, the common hash in the forms they take,
 * and the operations that somebody else's table does not have.
 *
 * Bytes. A peer's block counts as what glibc's malloc takes for it (peer_block),
 * since peers that allocate every entry pay that for each. There are three ways to
 * count, in this order of preference:
 *   1  the peer's own hook, with sizes: peer_alloc, peer_free
 *   2  its hook without sizes at `free`: the peer_hook_ functions
 *   3  no hook: malloc itself is interposed, while `peer_watched` names the table
 *      (a line " * interposes" in the peer's first comment builds that in)
 *
 * Tables. A file with a line " * own hash" is compiled a second time with PEER_OWN
 * set to 1: it makes peer/NAME with the common hash and peer/NAME_own with its own. One
 * with a line " * also: WORD" is compiled again with PEER_WORD set to 1, as peer/NAME_WORD.
 *
 * Invariant: held is the bytes of the table's blocks, and is 0 once it is destroyed.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_H
#define EBB_PEER_H

#include "define.h"
#include "mem_count.h"

#include <stdlib.h>
#include <string.h>

#ifndef PEER_OWN
#define PEER_OWN 0
#endif

/* The descriptor's symbol and names, and what every peer leaves empty. PEER_SUFFIX is of the
 * units that are compiled again: _own, _WORD. */
#ifndef PEER_SUFFIX
#define PEER_SUFFIX
#endif
#define PEER_JOIN_(a, b) a##b
#define PEER_JOIN(a, b) PEER_JOIN_(a, b)
#define PEER_WORDS_(s) #s
#define PEER_WORDS(s) PEER_WORDS_(s)
#define PEER_SYMBOL(n) PEER_JOIN(ht_table_peer_##n, PEER_SUFFIX)
#define PEER_NAMED(n) #n PEER_WORDS(PEER_SUFFIX)
#define PEER_TABLE(n) .name = "peer/" PEER_NAMED(n), .engine = "peer", .strategy = PEER_NAMED(n)

#define PEER_TELLS(n, words, bits)                                                                 \
    PEER_TABLE(n), .summary = words, .absent = NULL, .traits = bits, .geometry = NULL,             \
                   .promise = NULL

/* PEER_IMPL(name, summary, traits) after the operations of define.h. */
#define PEER_IMPL(n, words, bits) HT_IMPL(PEER_SYMBOL(n), PEER_TELLS(n, words, bits))

/* ---- bytes ----------------------------------------------------------------- */

/* The head of every peer's handle. */
struct peer {
    struct ht_mem *mem;
    size_t held;
};

/* What glibc's malloc takes for a block: 8 bytes of its own, a multiple of 16, at
 * least 32 (MINSIZE in malloc/malloc.c; the same in all versions since 2.26). */
static inline size_t peer_block(size_t bytes)
{
    size_t whole = (bytes + 8 + 15) & ~(size_t)15;
    return whole < 32 ? 32 : whole;
}

/* So many bytes more, or fewer, are the table's, rounding included. */
static inline void peer_add(struct peer *p, size_t bytes)
{
    struct ht_mem *mem = p->mem;
    p->held += bytes;
    mem_take(mem, bytes);
    if (__builtin_expect(mem->asks_usable, 0)) { /* what malloc made of them is what they count */
        mem->usable += bytes;
        if (mem->usable > mem->usable_peak)
            mem->usable_peak = mem->usable;
    }
}

static inline void peer_drop(struct peer *p, size_t bytes)
{
    struct ht_mem *mem = p->mem;
    bool never_held = __builtin_sub_overflow(p->held, bytes, &p->held);
    CHECK(!never_held);
    mem_give(mem, bytes);
    if (__builtin_expect(mem->asks_usable, 0))
        mem->usable -= bytes;
}

/* Accounts for a block that the peer itself has taken or is about to free. */
static inline void peer_take(struct peer *p, size_t bytes)
{
    peer_add(p, peer_block(bytes));
}

static inline void peer_give(struct peer *p, size_t bytes)
{
    peer_drop(p, peer_block(bytes));
}

static inline void *peer_counted(struct peer *p, void *block, size_t bytes)
{
    if (__builtin_expect(block != NULL, 1))
        peer_take(p, bytes);
    else
        p->mem->refused++;
    return block;
}

/* malloc and free, counted: inline, since a map that allocates every entry calls them at every
 * put and erase. NULL without memory; `bytes` at peer_free is what was asked for. */
static inline void *peer_alloc(struct peer *p, size_t bytes)
{
    return mem_admits(p->mem) ? peer_counted(p, malloc(bytes), bytes) : NULL;
}

static inline void peer_free(struct peer *p, void *block, size_t bytes)
{
    if (!block)
        return;
    peer_give(p, bytes);
    free(block);
}

#ifdef __cplusplus
extern "C" {
#endif

void *peer_calloc(struct peer *, size_t bytes);
void *peer_realloc(struct peer *, void *block, size_t old, size_t bytes);

/* peer_alloc and peer_free for a shim in another language. */
void *peer_foreign_alloc(struct peer *, size_t bytes);
void peer_foreign_free(struct peer *, void *block, size_t bytes);

/* The same for hooks that do not say at the end how long the block was. With NULL for
 * the table they do not count. */
void *peer_hook_malloc(struct peer *, size_t bytes);
void *peer_hook_calloc(struct peer *, size_t count, size_t bytes);
void *peer_hook_realloc(struct peer *, void *block, size_t bytes);
void peer_hook_free(struct peer *, void *block);

/* Every malloc and free of this thread is this table's, until it is NULL again. What
 * is allocated inside must be freed inside. */
extern __thread struct peer *peer_watched;

/* Must be called by a peer that uses peer_watched, before its first table. */
void peer_interpose(void);

#ifdef __cplusplus
}
#endif

/* A peer's check(), for want of one of its own: an entry takes at least so many
 * bytes of what is counted, or the counting misses some. */
static inline const char *peer_check(const struct peer *p, size_t live, size_t least)
{
    return p->held < live * least ? "fewer bytes are counted than the entries take" : NULL;
}

/* The start of a handle: NULL without memory. */
#define PEER_CREATE(mem, config) ((struct ht *)peer_create(mem, config, sizeof(struct ht)))

/* The seed of the common hash: most peers' hash functions take nothing but the key.
 * One for all tables of a peer, as those of one trace have. */
static uint64_t peer_seed __attribute__((unused));

static inline void *peer_create(struct ht_mem *mem, const struct ht_config *config, size_t bytes)
{
    struct peer *p = (struct peer *)ht_alloc_handle(mem, bytes);
    peer_seed = config->seed;
    if (p)
        p->mem = mem;
    return p;
}

static inline void peer_stats(const struct peer *p, struct ht_stats *s, size_t live, size_t slots,
                              size_t usable)
{
    memset(s, 0, sizeof *s);
    s->live = live;
    s->slots = slots;
    s->usable = usable;
    s->held = s->reported = p->held;
}

/* ---- what it does not have ---------------------------------------------------- */

/* Nobody has memory for more: asked of a library, it may end the process. */
#define PEER_RESERVE_MOST (UINT64_C(1) << 32)

/* Each goes with its trait; the step then does nothing. */
#define PEER_NO_COMPACT /* HT_NO_COMPACT */                                                        \
    static bool compact(struct ht *t)                                                              \
    {                                                                                              \
        (void)t;                                                                                   \
        return true;                                                                               \
    }
#define PEER_NO_COPY /* HT_NO_COPY */                                                              \
    static bool copy(struct ht *t)                                                                 \
    {                                                                                              \
        (void)t;                                                                                   \
        return true;                                                                               \
    }
#define PEER_NO_RESERVE /* HT_NO_RESERVE */                                                        \
    static bool reserve(struct ht *t, uint64_t entries)                                            \
    {                                                                                              \
        (void)t, (void)entries;                                                                    \
        return true;                                                                               \
    }
#define PEER_NO_POP /* not HT_ORDERED */                                                           \
    static bool pop(struct ht *t, uint64_t *key, uint64_t *value)                                  \
    {                                                                                              \
        (void)t, (void)key, (void)value;                                                           \
        return false;                                                                              \
    }
/* No peer has these three. */
#define PEER_NO_HOLD                                                                               \
    static void tick(struct ht *t, uint64_t moments)                                               \
    {                                                                                              \
        (void)t, (void)moments;                                                                    \
    }                                                                                              \
    static void hold(struct ht *t)                                                                 \
    {                                                                                              \
        (void)t;                                                                                   \
    }                                                                                              \
    static void resume(struct ht *t)                                                               \
    {                                                                                              \
        (void)t;                                                                                   \
    }

#endif
