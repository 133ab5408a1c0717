/* ck_hs: Concurrency Kit's hash set of pointers, 0.7.1, single writer.
 *
 * pkg-config: ck
 * package: libck-dev
 * Licence: BSD 2-clause. Bytes: struct ck_malloc, with sizes, exact.
 *
 * An array of pointers to the caller's entries (16 bytes here), hash bits in their
 * upper 16; probing by cache lines. It grows at a load of 1/2, powers of two. Deletion
 * leaves a tombstone. It never shrinks; its collector, ck_hs_gc, moves entries nearer
 * their homes and drops tombstones without shrinking: that is compact. clear is
 * ck_hs_reset, which keeps the size. It has no copy; ck_hs_grow is its reserve.
 * Cannot be equalised: built for readers without locks, it pays for fences; it calls
 * hash and comparison through pointers.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

#include <ck_hs.h>

struct entry {
    uint64_t key, value;
};

struct ht {
    struct peer peer;
    ck_hs_t map;
};

/* Whose blocks the next ones are: the hooks are told nothing but sizes. */
static __thread struct peer *owner;

static void *hook_malloc(size_t bytes)
{
    return peer_alloc(owner, bytes);
}

/* `defer` is for readers that may still look: there are none. */
static void hook_free(void *block, size_t bytes, bool defer)
{
    (void)defer;
    peer_free(owner, block, bytes);
}

static struct ck_malloc hooks = {.malloc = hook_malloc, .free = hook_free};

static unsigned long hash(const void *entry, unsigned long seed)
{
    return ht_hash(((const struct entry *)entry)->key, seed);
}

static bool compare(const void *a, const void *b)
{
    return ((const struct entry *)a)->key == ((const struct entry *)b)->key;
}

/* Calls that only read take no const. */
HT_INLINE ck_hs_t *reading(const struct ht *t)
{
    return (ck_hs_t *)(uintptr_t)&t->map;
}

enum { LEAST_ENTRIES = 8 };

static bool make(struct ht *t)
{
    owner = &t->peer;
    return ck_hs_init(&t->map, CK_HS_MODE_SPMC | CK_HS_MODE_OBJECT, hash, compare, &hooks,
                      LEAST_ENTRIES, peer_seed);
}

static void free_entries(struct ht *t)
{
    void *e;
    ck_hs_iterator_t at = CK_HS_ITERATOR_INITIALIZER;
    while (ck_hs_next(&t->map, &at, &e))
        peer_free(&t->peer, e, sizeof(struct entry));
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (t && !make(t)) {
        ht_free_handle(mem, t, sizeof *t);
        return NULL;
    }
    return t;
}

static void destroy(struct ht *t)
{
    free_entries(t);
    owner = &t->peer;
    ck_hs_destroy(&t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE struct entry *find(const struct ht *t, uint64_t key, unsigned long *home)
{
    struct entry wanted = {key, 0};
    *home = CK_HS_HASH(&t->map, hash, &wanted);
    return ck_hs_get(reading(t), *home, &wanted);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    unsigned long home;
    struct entry *e = find(t, key, &home);
    if (e) {
        e->value = value;
        return HT_REPLACED;
    }
    e = peer_alloc(&t->peer, sizeof *e);
    if (!e)
        return HT_NOMEM;
    *e = (struct entry){key, value};
    owner = &t->peer;
    if (ck_hs_put_unique(&t->map, home, e))
        return HT_NEW;
    peer_free(&t->peer, e, sizeof *e);
    return HT_NOMEM;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    unsigned long home;
    const struct entry *e = find(t, key, &home);
    if (!e)
        return false;
    *value = e->value;
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    struct entry wanted = {key, 0};
    struct entry *e = ck_hs_remove(&t->map, CK_HS_HASH(&t->map, hash, &wanted), &wanted);
    if (!e)
        return false;
    peer_free(&t->peer, e, sizeof *e);
    return true;
}

/* It takes a new array before it frees the old; refused, the table stays full of
 * entries, so these go one by one. */
static void clear(struct ht *t)
{
    free_entries(t);
    owner = &t->peer;
    CHECK(ck_hs_reset(&t->map));
}

static bool compact(struct ht *t)
{
    owner = &t->peer;
    return ck_hs_gc(&t->map, 0, peer_seed);
}

/* ck_hs_grow takes slots, and at most half of them are used. It refuses, too, what is
 * no more than there is. */
static bool reserve(struct ht *t, uint64_t entries)
{
    owner = &t->peer;
    if (entries > PEER_RESERVE_MOST)
        return ht_refuse(t->peer.mem) != NULL;
    uint64_t refused = t->peer.mem->refused;
    return ck_hs_grow(&t->map, entries * 2) || t->peer.mem->refused == refused;
}

static bool rebuild_copy(struct ht *t)
{
    struct ht fresh = {.peer = t->peer};
    void *e;
    ck_hs_iterator_t at = CK_HS_ITERATOR_INITIALIZER;
    CHECK(make(&fresh));
    while (ck_hs_next(&t->map, &at, &e))
        CHECK(put(&fresh, ((struct entry *)e)->key, ((struct entry *)e)->value) == HT_NEW);
    t->peer = fresh.peer;
    free_entries(t);
    owner = &t->peer;
    ck_hs_destroy(&t->map);
    fresh.peer = t->peer;
    *t = fresh;
    return true;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    uint64_t sum = 0;
    void *e;
    ck_hs_iterator_t at = CK_HS_ITERATOR_INITIALIZER;
    while (ck_hs_next(&t->map, &at, &e)) {
        uint64_t key = ((struct entry *)e)->key;
        if (ht_retain_deletes(key, modulus))
            (void)del(t, key);
        else
            sum += ht_entry_sum(key, ((struct entry *)e)->value);
    }
    return sum;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    void *e;
    ck_hs_iterator_t at = CK_HS_ITERATOR_INITIALIZER;
    while (ck_hs_next(reading(t), &at, &e))
        visit(arg, ((struct entry *)e)->key, ((struct entry *)e)->value);
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    void *e;
    ck_hs_iterator_t at = CK_HS_ITERATOR_INITIALIZER;
    while (ck_hs_next(&t->map, &at, &e))
        sum += ht_entry_sum(((struct entry *)e)->key, ((struct entry *)e)->value);
    return sum;
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, ck_hs_count(reading(t)), 0, 0);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, ck_hs_count(reading(t)), 8 + 16);
}

PEER_NO_COPY
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(ck_hs, "Concurrency Kit: set of pointers, compact is ck_hs_gc",
          HT_DEAD_SLOTS | HT_NEEDS_MEMORY | HT_NO_COPY);
