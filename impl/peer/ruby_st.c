/* ruby_st: the table behind Ruby's Hash beyond 8 entries, st_table of libruby 3.1.
 *
 * pkg-config: ruby-3.1
 * package: ruby-dev
 * Licence: BSD 2-clause (or Ruby's). Bytes: it allocates through the interpreter, which
 * has no hook: malloc is watched, exact.
 * own hash: st_init_numtable's, the key times constants
 * interposes
 *
 * Entries (hash, key, value: 24 bytes) in an array in order of insertion, found through an
 * index of 1 to 8 bytes a bin, two bins an entry (none up to 16 entries). Powers of two.
 * Deletion marks entry and bin. A put that finds the array at its end rebuilds: into an
 * array for twice what is live, which may be smaller, or in place where that is as large.
 * There is no call that shrinks and no reserve; clear keeps the arrays.
 * Cannot be equalised: Ruby's Hash itself holds objects, and integers of more than 62 bits
 * are objects of the heap, so this is the table without them; the collector is off.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"
#include "peer_runtime.h"

#include <ruby.h>
#include <ruby/st.h>
#include <signal.h>

struct ht {
    struct peer peer;
    st_table *map;
};

static int compare(st_data_t a, st_data_t b)
{
    return a != b;
}

static st_index_t hash(st_data_t key)
{
    return ht_hash(key, peer_seed);
}

/* The interpreter's allocator wants the interpreter, which takes every signal for itself. */
static void start_ruby(void)
{
    static bool running;
    struct sigaction before[NSIG];
    if (running)
        return;
    running = true;
    for (int s = 1; s < NSIG; s++)
        (void)sigaction(s, NULL, &before[s]);
    peer_runtime_starts();
    CHECK(ruby_setup() == 0);
    (void)rb_gc_disable();
    peer_runtime_runs();
    for (int s = 1; s < NSIG; s++)
        (void)sigaction(s, &before[s], NULL);
    peer_interpose();
}

static st_table *make(struct ht *t)
{
    static const struct st_hash_type common = {compare, hash};
    peer_watched = &t->peer;
    st_table *map = PEER_OWN ? st_init_numtable() : st_init_table(&common);
    peer_watched = NULL;
    return map;
}

static void release(struct ht *t, st_table *map)
{
    peer_watched = &t->peer;
    st_free_table(map);
    peer_watched = NULL;
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (!t)
        return NULL;
    start_ruby();
    t->map = make(t);
    return t;
}

static void destroy(struct ht *t)
{
    release(t, t->map);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    peer_watched = &t->peer;
    int found = st_insert(t->map, key, value);
    peer_watched = NULL;
    return found ? HT_REPLACED : HT_NEW;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    st_data_t found;
    if (!st_lookup(t->map, key, &found))
        return false;
    *value = found;
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    st_data_t wanted = key;
    return st_delete(t->map, &wanted, NULL);
}

static void clear(struct ht *t)
{
    st_clear(t->map);
}

static bool copy(struct ht *t)
{
    st_table *old = t->map;
    peer_watched = &t->peer;
    t->map = st_copy(old);
    peer_watched = NULL;
    release(t, old);
    return true;
}

static int insert_one(st_data_t key, st_data_t value, st_data_t map)
{
    (void)st_insert((st_table *)map, key, value);
    return ST_CONTINUE;
}

static bool rebuild_copy(struct ht *t)
{
    st_table *old = t->map;
    t->map = make(t);
    peer_watched = &t->peer;
    (void)st_foreach(old, insert_one, (st_data_t)t->map);
    peer_watched = NULL;
    release(t, old);
    return true;
}

struct visitor {
    ht_visit *visit;
    void *arg;
};

static int visit_one(st_data_t key, st_data_t value, st_data_t arg)
{
    const struct visitor *v = (const struct visitor *)arg;
    v->visit(v->arg, key, value);
    return ST_CONTINUE;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    const struct visitor v = {visit, arg};
    (void)st_foreach(t->map, visit_one, (st_data_t)&v);
}

struct sum {
    uint64_t sum, modulus; /* modulus 0: retain all */
};

static int add_one(st_data_t key, st_data_t value, st_data_t arg)
{
    struct sum *s = (struct sum *)arg;
    if (s->modulus && ht_retain_deletes(key, s->modulus))
        return ST_DELETE;
    s->sum += ht_entry_sum(key, value);
    return ST_CONTINUE;
}

static uint64_t walk(struct ht *t, uint64_t modulus)
{
    struct sum s = {0, modulus};
    (void)st_foreach(t->map, add_one, (st_data_t)&s);
    return s.sum;
}

static uint64_t scan(struct ht *t)
{
    return walk(t, 0);
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    return walk(t, modulus);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    size_t slots = (size_t)1 << t->map->entry_power;
    peer_stats(&t->peer, s, t->map->num_entries, slots, slots);
    s->dead = t->map->entries_bound - t->map->num_entries;
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, t->map->num_entries, 24);
}

PEER_NO_COMPACT
PEER_NO_RESERVE
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(ruby_st,
          "Ruby 3.1's st_table: ordered entries, rebuilt by a put, never shrinks by itself",
          HT_DEAD_SLOTS | HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_RESERVE);
