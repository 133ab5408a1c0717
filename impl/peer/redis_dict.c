/* redis_dict: the dict of Redis (7.4 on) or of Valkey 8.0, whose source this is compiled with.
 *
 * source: src/dict.c
 * Licence: Redis's RSALv2 or SSPLv1, Valkey's BSD 3-clause. Bytes: zmalloc, which a program
 * around the dict provides and this file does, without sizes at zfree, exact.
 *
 * Chains of entries of 24 bytes, each its own block, from an array of powers of two buckets, 4 at
 * least, that grows above one entry a bucket. It shrinks by itself when a delete leaves less
 * than an eighth; there are two arrays meanwhile, and each put, get and delete moves one bucket
 * over (past at most 10 empty ones). A dict without entries keeps 4 buckets, an emptied one none.
 * Its own calls are dictShrink, which is begun and led to its end here (compact), dictTryExpand
 * (reserve, which only begins) and dictEmpty. It has no call that copies.
 * Cannot be equalised: a server lends it a millisecond ten times a second besides, to move
 * buckets; here nobody does. It calls the hash through a pointer. Its own hash, SipHash, is not
 * measured.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_server.h"

#include <dict.c> /* NOLINT(bugprone-suspicious-include): the table itself */

struct ht {
    struct peer peer;
    dict *map;
};

static void *key_of(uint64_t key)
{
    return (void *)(uintptr_t)key; /* the dict's keys are pointers, which it never follows */
}

static uint64_t common_hash(const void *key)
{
    return ht_hash((uintptr_t)key, peer_seed);
}

static dictType words = {.hashFunction = common_hash};

static void make(struct ht *t)
{
    owner = &t->peer;
    t->map = dictCreate(&words);
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
    dictRelease(t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    dictEntry *known;
    owner = &t->peer;
    dictEntry *made = dictAddRaw(t->map, key_of(key), &known);
    dictSetUnsignedIntegerVal(made ? made : known, value);
    return made ? HT_NEW : HT_REPLACED;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    struct ht *moving = (struct ht *)(uintptr_t)t; /* a lookup moves a bucket over, too */
    owner = &moving->peer;
    const dictEntry *entry = dictFind(t->map, key_of(key));
    if (!entry)
        return false;
    *value = dictGetUnsignedIntegerVal(entry);
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    owner = &t->peer;
    return dictDelete(t->map, key_of(key)) == DICT_OK;
}

static void clear(struct ht *t)
{
    owner = &t->peer;
    dictEmpty(t->map, NULL);
}

static void move_all(struct ht *t)
{
    while (dictIsRehashing(t->map) && dictRehash(t->map, 1024))
        ;
}

static bool compact(struct ht *t)
{
    owner = &t->peer;
    move_all(t);
    (void)dictShrink(t->map, dictSize(t->map));
    move_all(t);
    return true;
}

static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > PEER_RESERVE_MOST)
        return ht_refuse(t->peer.mem) != NULL;
    owner = &t->peer;
    return dictTryExpand(t->map, entries) == DICT_OK; /* nothing is done while it moves */
}

/* Its iterator holds all moves back, so that an entry may be deleted under it. */
HT_INLINE uint64_t walk(const struct ht *t, uint64_t modulus, ht_visit *visit, void *arg)
{
    uint64_t sum = 0;
    dictIterator at;
    dictInitSafeIterator(&at, t->map);
    for (const dictEntry *entry; (entry = dictNext(&at));) {
        uint64_t key = (uintptr_t)dictGetKey(entry), value = dictGetUnsignedIntegerVal(entry);
        if (modulus && ht_retain_deletes(key, modulus))
            (void)dictDelete(t->map, key_of(key));
        else if (visit)
            visit(arg, key, value);
        else
            sum += ht_entry_sum(key, value);
    }
    dictResetIterator(&at);
    return sum;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    owner = &t->peer;
    return walk(t, modulus, NULL, NULL);
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
    dictRelease(old.map);
    return true;
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, dictSize(t->map), dictBuckets(t->map), dictBuckets(t->map));
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, dictSize(t->map), 32);
}

PEER_NO_COPY
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(redis_dict,
          "the dict of " PEER_VERSION ": chains, two arrays while it moves, shrinks below 1/8",
          HT_NEEDS_MEMORY | HT_NO_COPY);
