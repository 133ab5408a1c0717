/* valkey_hashtable: the newer table of Valkey (8.1 on), whose source this is compiled with.
 *
 * source: src/hashtable.c
 * Licence: BSD 3-clause. Bytes: zmalloc, which a program around the table provides and
 * impl/peer_server.h does, without sizes at zfree, exact.
 *
 * It holds pointers to entries that its user allocates: here a block of key and value, which its
 * entryDestructor frees. Buckets of a cache line, 2^k of them, have room for 7 pointers and a byte
 * of each one's hash; what finds no room goes to a further bucket of its own block that hangs on
 * the full one. It grows above one entry a place, to a fill of 91 % at most. Deletion frees the
 * place, and the last entry of that chain of buckets comes into the hole. It shrinks by itself
 * when a delete leaves 13 % or less; there are two arrays meanwhile, and each put, get and delete
 * moves one bucket over. An emptied table keeps one bucket, a cleared one none. Its own
 * hashtableShrinkIfNeeded does no more than a delete does; hashtableTryExpand makes room for so
 * many entries, in fewer buckets too, and is reserve, which only begins, and for the entries
 * that there are and led to its end, compact. It has no call that copies.
 * Cannot be equalised: entries lie where the user's allocator puts them, and their blocks are the
 * greater part of the bytes; a server keeps strings of its own there. A server also lends it
 * time to move buckets, as in redis_dict. It calls hash and comparison through pointers. Its own
 * hash, SipHash, is not measured.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_server.h"

#include <hashtable.c> /* NOLINT(bugprone-suspicious-include): the table itself */

struct ht {
    struct peer peer;
    hashtable *map;
};

struct entry {
    uint64_t key; /* first: a pointer to the entry is one to its key */
    uint64_t value;
};

static uint64_t key_at(const void *key)
{
    return *(const uint64_t *)key;
}

static uint64_t common_hash(const void *key)
{
    return ht_hash(key_at(key), peer_seed);
}

static int differ(const void *a, const void *b)
{
    return key_at(a) != key_at(b);
}

static void drop(void *entry)
{
    peer_free(owner, entry, sizeof(struct entry));
}

/* Some versions say whose entry it is. */
static void drop_of(hashtable *map, void *entry)
{
    (void)map;
    drop(entry);
}

/* What it asks before it grows or shrinks. Not while a walk deletes: one that takes the last entry of
 * a table with room for many would give back the buckets that it walks over (corpus/README.md). */
static __thread bool stays;

static int may_resize(size_t bytes, double fill)
{
    (void)bytes, (void)fill;
    return !stays;
}

static hashtableType words = {
    .resizeAllowed = may_resize,
    .hashFunction = common_hash,
    .keyCompare = differ,
    .entryDestructor = _Generic(((hashtableType *)0)->entryDestructor, void (*)(void *)
                                : drop, default
                                : drop_of),
};

static void make(struct ht *t)
{
    owner = &t->peer;
    t->map = hashtableCreate(&words);
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (t)
        make(t);
    return t;
}

static void destroy(struct ht *t)
{
    owner = &t->peer;
    hashtableRelease(t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    hashtablePosition at;
    void *known;
    owner = &t->peer;
    if (!hashtableFindPositionForInsert(t->map, &key, &at, &known)) {
        ((struct entry *)known)->value = value;
        return HT_REPLACED;
    }
    struct entry *entry = peer_alloc(owner, sizeof *entry);
    if (!entry)
        return HT_NOMEM;
    *entry = (struct entry){key, value};
    hashtableInsertAtPosition(t->map, entry, &at);
    return HT_NEW;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    struct ht *moving = (struct ht *)(uintptr_t)t; /* a lookup moves a bucket over, too */
    void *found;
    owner = &moving->peer;
    if (!hashtableFind(t->map, &key, &found))
        return false;
    *value = ((const struct entry *)found)->value;
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    owner = &t->peer;
    return hashtableDelete(t->map, &key);
}

static void clear(struct ht *t)
{
    owner = &t->peer;
    hashtableEmpty(t->map, NULL);
}

static void move_all(struct ht *t)
{
    (void)hashtableRehashMicroseconds(t->map, UINT64_MAX); /* time stands still: all of it */
}

static bool compact(struct ht *t)
{
    owner = &t->peer;
    move_all(t);
    bool done = hashtableTryExpand(t->map, hashtableSize(t->map));
    move_all(t);
    return done;
}

static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > PEER_RESERVE_MOST)
        return ht_refuse(t->peer.mem) != NULL;
    owner = &t->peer;
    return hashtableTryExpand(t->map, entries);
}

/* The entry that comes after the last one shown, or NULL. */
static const struct entry *next(hashtableIterator *at)
{
    void *entry;
    return hashtableNext(at, &entry) ? entry : NULL;
}

/* Its iterator that is called safe holds all moves back, so that an entry may be deleted under it;
 * over a table without buckets it does so for ever (corpus/README.md). Versions agree on how one
 * is allocated, not on how one ends that is not. */
HT_INLINE uint64_t walk(const struct ht *t, uint64_t modulus, ht_visit *visit, void *arg)
{
    uint64_t sum = 0;
    if (!hashtableSize(t->map))
        return 0;
    struct peer *whose = owner;
    owner = NULL;
    hashtableIterator *at = hashtableCreateIterator(t->map, modulus ? HASHTABLE_ITER_SAFE : 0);
    owner = whose;
    for (const struct entry *entry; (entry = next(at));) {
        uint64_t key = entry->key;
        if (modulus && ht_retain_deletes(key, modulus))
            (void)hashtableDelete(t->map, &key);
        else if (visit)
            visit(arg, key, entry->value);
        else
            sum += ht_entry_sum(key, entry->value);
    }
    owner = NULL;
    hashtableReleaseIterator(at);
    return sum;
}

/* Over two arrays such a walk leaves a chain of the second with its holes (corpus/README.md). */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    owner = &t->peer;
    move_all(t);
    stays = true;
    uint64_t sum = walk(t, modulus, NULL, NULL);
    stays = false;
    owner = &t->peer;
    (void)hashtableShrinkIfNeeded(t->map);
    return sum;
}

static uint64_t scan(struct ht *t)
{
    return walk(t, 0, NULL, NULL);
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    (void)walk(t, 0, visit, arg);
}

static void add(void *t, uint64_t key, uint64_t value)
{
    (void)put((struct ht *)t, key, value);
}

static bool rebuild_copy(struct ht *t)
{
    struct ht old = *t;
    make(t);
    each(&old, add, t);
    owner = &t->peer;
    hashtableRelease(old.map);
    return true;
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    size_t slots = hashtableBuckets(t->map) * ENTRIES_PER_BUCKET;
    peer_stats(&t->peer, s, hashtableSize(t->map), slots, slots);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, hashtableSize(t->map), 32 + HASHTABLE_BUCKET_SIZE / 7);
}

PEER_NO_COPY
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(valkey_hashtable,
          "the hashtable of " PEER_VERSION ": buckets of a cache line, two arrays while it moves, "
          "shrinks at 13 %",
          HT_MOVES | HT_NEEDS_MEMORY | HT_NO_COPY);
