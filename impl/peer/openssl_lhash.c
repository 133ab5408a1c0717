/* openssl_lhash: OpenSSL's LHASH, linear hashing, 3.0.
 *
 * pkg-config: libcrypto
 * package: libssl-dev
 * Licence: Apache 2.0. Bytes: CRYPTO_set_mem_functions, which does not say how long a
 * freed block is; lengths by malloc_usable_size, exact (peer_memory.h).
 *
 * Chains of 24-byte nodes that point to the caller's entries (16 bytes here), in an
 * array that grows by one bucket an insert at a load of 2 and contracts by one bucket
 * an erase below 1; the array of pointers itself doubles and halves by realloc.
 * Deletion frees its node. It has no call that compacts, copies or reserves. clear is
 * OPENSSL_LH_flush, which keeps the array.
 * Cannot be equalised: it calls hash and comparison through pointers, for callers that
 * hold their own entries.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

#include <openssl/crypto.h>
#include <openssl/lhash.h>

struct entry {
    uint64_t key, value;
};

struct ht {
    struct peer peer;
    OPENSSL_LHASH *map;
};

/* Whose blocks the next ones are; nobody's: OpenSSL's own. */
static __thread struct peer *owner;

static void *hook_malloc(size_t bytes, const char *file, int line)
{
    (void)file, (void)line;
    return peer_hook_malloc(owner, bytes);
}

static void *hook_realloc(void *block, size_t bytes, const char *file, int line)
{
    (void)file, (void)line;
    return peer_hook_realloc(owner, block, bytes);
}

static void hook_free(void *block, const char *file, int line)
{
    (void)file, (void)line;
    peer_hook_free(owner, block);
}

/* It may be told only before it has allocated anything. */
__attribute__((constructor)) static void set_hooks(void)
{
    CHECK(CRYPTO_set_mem_functions(hook_malloc, hook_realloc, hook_free));
}

static unsigned long hash(const void *entry)
{
    return ht_hash(((const struct entry *)entry)->key, peer_seed);
}

static int compare(const void *a, const void *b)
{
    return ((const struct entry *)a)->key != ((const struct entry *)b)->key;
}

static OPENSSL_LHASH *make(struct ht *t)
{
    owner = &t->peer;
    OPENSSL_LHASH *map = OPENSSL_LH_new(hash, compare);
    owner = NULL;
    CHECK(map);
    return map;
}

static void free_entry(void *entry, void *t)
{
    peer_free(&((struct ht *)t)->peer, entry, sizeof(struct entry));
}

static void release(struct ht *t, OPENSSL_LHASH *map)
{
    OPENSSL_LH_doall_arg(map, free_entry, t);
    owner = &t->peer;
    OPENSSL_LH_free(map);
    owner = NULL;
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (t)
        t->map = make(t);
    return t;
}

static void destroy(struct ht *t)
{
    release(t, t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

static void insert(struct ht *t, uint64_t key, uint64_t value)
{
    struct entry *e = peer_alloc(&t->peer, sizeof *e);
    CHECK(e);
    *e = (struct entry){key, value};
    owner = &t->peer;
    (void)OPENSSL_LH_insert(t->map, e);
    owner = NULL;
    CHECK(!OPENSSL_LH_error(t->map));
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    struct entry wanted = {key, value}, *e = OPENSSL_LH_retrieve(t->map, &wanted);
    if (e) {
        e->value = value;
        return HT_REPLACED;
    }
    insert(t, key, value);
    return HT_NEW;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    struct entry wanted = {key, 0}, *e = OPENSSL_LH_retrieve(t->map, &wanted);
    if (!e)
        return false;
    *value = e->value;
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    struct entry wanted = {key, 0};
    owner = &t->peer;
    struct entry *e = OPENSSL_LH_delete(t->map, &wanted);
    owner = NULL;
    if (!e)
        return false;
    peer_free(&t->peer, e, sizeof *e);
    return true;
}

static void clear(struct ht *t)
{
    OPENSSL_LH_doall_arg(t->map, free_entry, t);
    owner = &t->peer;
    OPENSSL_LH_flush(t->map);
    owner = NULL;
}

static void insert_again(void *entry, void *t)
{
    insert(t, ((struct entry *)entry)->key, ((struct entry *)entry)->value);
}

static bool rebuild_copy(struct ht *t)
{
    OPENSSL_LHASH *old = t->map;
    t->map = make(t);
    OPENSSL_LH_doall_arg(old, insert_again, t);
    release(t, old);
    return true;
}

struct retained {
    struct ht *t;
    uint64_t modulus, sum;
};

static void retain_entry(void *entry, void *arg)
{
    struct entry *e = entry;
    struct retained *r = arg;
    if (ht_retain_deletes(e->key, r->modulus))
        (void)del(r->t, e->key);
    else
        r->sum += ht_entry_sum(e->key, e->value);
}

/* As its manual has it: without contraction while entries go during a walk. */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    struct retained r = {.t = t, .modulus = modulus};
    unsigned long down_load = OPENSSL_LH_get_down_load(t->map);
    OPENSSL_LH_set_down_load(t->map, 0);
    OPENSSL_LH_doall_arg(t->map, retain_entry, &r);
    OPENSSL_LH_set_down_load(t->map, down_load);
    return r.sum;
}

struct visit {
    ht_visit *visit;
    void *arg;
};

static void visit_entry(void *entry, void *arg)
{
    const struct visit *v = arg;
    v->visit(v->arg, ((struct entry *)entry)->key, ((struct entry *)entry)->value);
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    struct visit v = {visit, arg};
    OPENSSL_LH_doall_arg(t->map, visit_entry, &v);
}

static void add_entry(void *entry, void *sum)
{
    *(uint64_t *)sum += ht_entry_sum(((struct entry *)entry)->key, ((struct entry *)entry)->value);
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    OPENSSL_LH_doall_arg(t->map, add_entry, &sum);
    return sum;
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, OPENSSL_LH_num_items(t->map), 0, 0);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, OPENSSL_LH_num_items(t->map), 24 + 16);
}

PEER_NO_COMPACT
PEER_NO_COPY
PEER_NO_RESERVE
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(openssl_lhash, "OpenSSL's linear hashing: contracts one bucket an erase",
          HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_COPY | HT_NO_RESERVE);
