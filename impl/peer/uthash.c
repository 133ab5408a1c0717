/* uthash: macros that chain the caller's own structs, 2.3.0.
 *
 * header: uthash.h
 * package: uthash-dev
 * Licence: BSD 1-clause. Bytes: its malloc and free macros, with sizes, exact.
 * own hash: Jenkins' (HASH_JEN)
 *
 * Chains in an array of buckets, and a list through all entries in the order of their
 * insertion; the handle in the struct takes 56 bytes. It doubles when a chain exceeds
 * 10 (and gives up after two fruitless doublings). Deletion unlinks; the last one
 * frees everything. It never shrinks otherwise, and has no call that does, none that
 * copies and none that reserves. clear frees everything.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

#define HASH_NONFATAL_OOM 1
#define uthash_malloc(bytes) peer_alloc(&t->peer, bytes)
#define uthash_free(block, bytes) peer_free(&t->peer, block, bytes)
#if !PEER_OWN
#define HASH_FUNCTION(key, length, hash) (hash) = (unsigned)ht_hash(*(key), peer_seed)
#endif
#include <uthash.h>

struct entry {
    uint64_t key, value;
    UT_hash_handle hh;
};

struct ht {
    struct peer peer;
    struct entry *head;
};

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    return PEER_CREATE(mem, config);
}

static void erase(struct ht *t, struct entry *e)
{
    HASH_DEL(t->head, e);
    peer_free(&t->peer, e, sizeof *e);
}

static void clear(struct ht *t)
{
    for (struct entry *e = t->head, *next; e; e = next) {
        next = e->hh.next;
        HASH_DEL(t->head, e);
        peer_free(&t->peer, e, sizeof *e);
    }
}

static void destroy(struct ht *t)
{
    clear(t);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    struct entry *e;
    HASH_FIND(hh, t->head, &key, sizeof key, e);
    if (e) {
        e->value = value;
        return HT_REPLACED;
    }
    e = peer_alloc(&t->peer, sizeof *e);
    if (!e)
        return HT_NOMEM;
    e->key = key;
    e->value = value;
    HASH_ADD(hh, t->head, key, sizeof key, e);
    if (e->hh.tbl)
        return HT_NEW;
    peer_free(&t->peer, e, sizeof *e);
    return HT_NOMEM;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    struct entry *e;
    HASH_FIND(hh, t->head, &key, sizeof key, e);
    if (e)
        *value = e->value;
    return e != NULL;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    struct entry *e;
    HASH_FIND(hh, t->head, &key, sizeof key, e);
    if (e)
        erase(t, e);
    return e != NULL;
}

static bool rebuild_copy(struct ht *t)
{
    struct ht fresh = {.peer = t->peer};
    for (const struct entry *e = t->head; e; e = e->hh.next) {
        if (put(&fresh, e->key, e->value) == HT_NOMEM) {
            clear(&fresh);
            t->peer.held = fresh.peer.held;
            return false;
        }
    }
    size_t held = fresh.peer.held;
    t->peer.held = held;
    clear(t);
    fresh.peer.held = t->peer.held;
    *t = fresh;
    return true;
}

/* The list through all entries ends at the newest. */
static bool pop(struct ht *t, uint64_t *key, uint64_t *value)
{
    if (!t->head)
        return false;
    struct entry *e = ELMT_FROM_HH(t->head->hh.tbl, t->head->hh.tbl->tail);
    *key = e->key;
    *value = e->value;
    erase(t, e);
    return true;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    uint64_t sum = 0;
    for (struct entry *e = t->head, *next; e; e = next) {
        next = e->hh.next;
        if (ht_retain_deletes(e->key, modulus))
            erase(t, e);
        else
            sum += ht_entry_sum(e->key, e->value);
    }
    return sum;
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    for (const struct entry *e = t->head; e; e = e->hh.next)
        sum += ht_entry_sum(e->key, e->value);
    return sum;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    for (const struct entry *e = t->head; e; e = e->hh.next)
        visit(arg, e->key, e->value);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    size_t buckets = t->head ? t->head->hh.tbl->num_buckets : 0;
    peer_stats(&t->peer, s, HASH_COUNT(t->head), buckets, buckets * HASH_BKT_CAPACITY_THRESH);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, HASH_COUNT(t->head), sizeof(struct entry));
}

PEER_NO_COMPACT
PEER_NO_COPY
PEER_NO_RESERVE
PEER_NO_HOLD

PEER_IMPL(uthash, "uthash 2.3: chained structs, the last erase frees all",
          HT_ORDERED | HT_NO_COMPACT | HT_NO_COPY | HT_NO_RESERVE);
