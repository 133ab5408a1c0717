/* urcu_lfht: liburcu's rculfhash (cds_lfht) 0.13 with automatic resize, one thread at work.
 *
 * pkg-config: liburcu-cds
 * pkg-config: liburcu-qsbr
 * package: liburcu-dev
 * Licence: LGPL 2.1 or later. Bytes: the library's memory plugin, watched, exact.
 * interposes
 *
 * One list in the order of reversed hashes. A bucket is a node of it (16 bytes) at which
 * lookups begin; entries (32 bytes) are the caller's. Buckets are a power of two. Small
 * tables double where a chain has 3 entries, and keep what they have. From 1024 entries a
 * processor on they are counted: whenever the count, taken every 1024, is a power of two
 * there are as many buckets made, if there were an eighth of it, or more than it after an
 * erase. Its own call is cds_lfht_resize: compact and reserve. It has no clear, which is a
 * loop that deletes, and no copy.
 *
 * Resizing is the work of a thread of the library's. A step that asks for it waits for its
 * end, so that bytes and answers are the same on every run. There are no readers, so an
 * erased entry is freed without a grace period; the flavour is QSBR.
 * Cannot be equalised: what the resizing thread works is not in the times, which are those
 * of the calling thread; atomic operations in every put and erase; the steps at which it
 * resizes depend on the number of processors.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_memory.h"

#include <pthread.h>
#include <urcu/urcu-qsbr.h>

#include <urcu/rculfhash.h>

struct ht {
    struct peer peer;
    struct cds_lfht *map;
    size_t live, slots;
    size_t fixed; /* bytes of what the map has without entries and buckets */
};

struct entry {
    struct cds_lfht_node node;
    uint64_t key, value;
};

/* ---- the resizing thread --------------------------------------------------------- */

/* Every piece of its work begins with the flavour's register_thread and ends with
 * unregister_thread. There it is held back until the step that asked for it has left the
 * library and waits; helpers that it starts find the gate open. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool open;
    unsigned inside;
    unsigned long finished; /* pieces of work */
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0};

/* The table whose step it is: one at a time. */
static struct ht *owner;

static void enter_gate(void)
{
    (void)pthread_mutex_lock(&gate.lock);
    while (!gate.open)
        (void)pthread_cond_wait(&gate.changed, &gate.lock);
    gate.inside++;
    (void)pthread_mutex_unlock(&gate.lock);
    urcu_qsbr_register_thread();
}

static void leave_gate(void)
{
    urcu_qsbr_unregister_thread();
    (void)pthread_mutex_lock(&gate.lock);
    if (--gate.inside == 0) {
        gate.finished++;
        (void)pthread_cond_broadcast(&gate.changed);
    }
    (void)pthread_mutex_unlock(&gate.lock);
}

/* Returns what `finished` was. */
static unsigned long open_gate(void)
{
    (void)pthread_mutex_lock(&gate.lock);
    unsigned long before = gate.finished;
    gate.open = true;
    (void)pthread_cond_broadcast(&gate.changed);
    (void)pthread_mutex_unlock(&gate.lock);
    return before;
}

static void close_gate(void)
{
    (void)pthread_mutex_lock(&gate.lock);
    gate.open = false;
    (void)pthread_mutex_unlock(&gate.lock);
}

/* Waits for the end of the work that was asked for before the gate was opened. */
static void await(unsigned long before)
{
    urcu_qsbr_thread_offline(); /* the resizing thread waits for readers */
    (void)pthread_mutex_lock(&gate.lock);
    while (gate.finished == before)
        (void)pthread_cond_wait(&gate.changed, &gate.lock);
    gate.open = false;
    (void)pthread_mutex_unlock(&gate.lock);
    urcu_qsbr_thread_online();
}

/* ---- bytes --------------------------------------------------------------------------- */

static struct cds_lfht_mm_type hooks;

/* The library alone knows how long its struct is, so its own plugin makes it; then the
 * field that names the plugin is made to name ours. */
static struct cds_lfht *make_struct(unsigned long least, unsigned long most)
{
    struct cds_lfht *map = cds_lfht_mm_order.alloc_cds_lfht(least, most);
    const void **field = (const void **)map, *own = &cds_lfht_mm_order;
    size_t words = peer_block_size(map) / sizeof *field;
    while (words && *field != own)
        field++, words--;
    CHECK(words);
    *field = &hooks;
    return map;
}

static void make_buckets(struct cds_lfht *map, unsigned long order)
{
    struct peer *watched = peer_watched;
    peer_watched = &owner->peer;
    cds_lfht_mm_order.alloc_bucket_table(map, order);
    peer_watched = watched;
    owner->slots = (size_t)1 << order;
}

static void free_buckets(struct cds_lfht *map, unsigned long order)
{
    struct peer *watched = peer_watched;
    peer_watched = &owner->peer;
    cds_lfht_mm_order.free_bucket_table(map, order);
    peer_watched = watched;
    owner->slots = order ? (size_t)1 << (order - 1) : 0;
}

/* ---- the map ----------------------------------------------------------------------------- */

static struct rcu_flavor_struct flavour;

static struct cds_lfht *new_map(void)
{
    struct cds_lfht *map = _cds_lfht_new(
        1, 1, 1UL << 63, CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING, &hooks, &flavour, NULL);
    CHECK(map);
    return map;
}

/* Of the owner. From 0.14 on it is work of the resizing thread, too. */
static void destroy_map(struct cds_lfht *map)
{
    CHECK(cds_lfht_destroy(map, NULL) == 0);
    if (owner->slots)
        await(open_gate());
    CHECK(!owner->slots);
}

/* Once: the hooks, and a table of nobody's, which stays: the library keeps its thread and
 * the thread's queue from the first table to the last, and they are no table's. */
static void prepare(void)
{
    static struct ht_mem mem;
    static struct ht nobody = {.peer = {.mem = &mem}};
    static __thread bool registered;
    if (!registered)
        urcu_qsbr_register_thread();
    registered = true;
    if (hooks.alloc_cds_lfht)
        return;
    peer_interpose();
    hooks = cds_lfht_mm_order; /* with its bucket_at */
    hooks.alloc_cds_lfht = make_struct;
    hooks.alloc_bucket_table = make_buckets;
    hooks.free_bucket_table = free_buckets;
    flavour = urcu_qsbr_flavor;
    flavour.register_thread = enter_gate;
    flavour.unregister_thread = leave_gate;
    CHECK(pthread_atfork(urcu_qsbr_call_rcu_before_fork, urcu_qsbr_call_rcu_after_fork_parent,
                         urcu_qsbr_call_rcu_after_fork_child) == 0);
    ht_mem_init(&mem);
    owner = &nobody;
    nobody.map = new_map();
}

static void make(struct ht *t)
{
    owner = t;
    size_t held = t->peer.held;
    peer_watched = &t->peer;
    t->map = new_map();
    peer_watched = NULL;
    t->fixed = t->peer.held - held - peer_block(sizeof(struct cds_lfht_node)); /* one bucket */
    t->live = 0;
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (!t)
        return NULL;
    prepare();
    make(t);
    return t;
}

/* Around a call that changes the list: the library's one allocation in it is the note that
 * asks for a resize, which the resizing thread frees. */
HT_INLINE size_t begin(struct ht *t)
{
    owner = t;
    peer_watched = &t->peer;
    return t->peer.held;
}

HT_COLD void resize_now(struct ht *t, size_t held)
{
    peer_drop(&t->peer, t->peer.held - held);
    await(open_gate());
}

/* Returns whether the table was resized. */
HT_INLINE bool end(struct ht *t, size_t held)
{
    peer_watched = NULL;
    if (t->peer.held == held)
        return false;
    resize_now(t, held);
    return true;
}

static int is_key(struct cds_lfht_node *node, const void *key)
{
    return caa_container_of(node, struct entry, node)->key == *(const uint64_t *)key;
}

HT_INLINE struct entry *find(const struct ht *t, uint64_t key)
{
    struct cds_lfht_iter at;
    cds_lfht_lookup(t->map, ht_hash(key, peer_seed), is_key, &key, &at);
    struct cds_lfht_node *node = cds_lfht_iter_get_node(&at);
    return node ? caa_container_of(node, struct entry, node) : NULL;
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    struct entry *e = find(t, key);
    if (e) {
        e->value = value;
        return HT_REPLACED;
    }
    e = peer_alloc(&t->peer, sizeof *e);
    if (!e)
        return HT_NOMEM;
    e->key = key;
    e->value = value;
    cds_lfht_node_init(&e->node);
    size_t held = begin(t);
    cds_lfht_add(t->map, ht_hash(key, peer_seed), &e->node);
    (void)end(t, held);
    t->live++;
    return HT_NEW;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    const struct entry *e = find(t, key);
    if (!e)
        return false;
    *value = e->value;
    return true;
}

/* Returns whether the table was resized. */
HT_INLINE bool erase(struct ht *t, struct entry *e)
{
    size_t held = begin(t);
    CHECK(cds_lfht_del(t->map, &e->node) == 0);
    bool changed = end(t, held);
    peer_free(&t->peer, e, sizeof *e);
    t->live--;
    return changed;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    struct entry *e = find(t, key);
    if (!e)
        return false;
    (void)erase(t, e);
    return true;
}

/* The entry that the walk is at, and on to the next; NULL at the end. */
HT_INLINE struct entry *step(const struct ht *t, struct cds_lfht_iter *at)
{
    struct cds_lfht_node *node = cds_lfht_iter_get_node(at);
    if (node)
        cds_lfht_next(t->map, at);
    return node ? caa_container_of(node, struct entry, node) : NULL;
}

/* A resize frees buckets at which the walk may be: then it begins anew. */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    uint64_t sum = 0;
    struct cds_lfht_iter at;
    cds_lfht_first(t->map, &at);
    for (struct entry *e; (e = step(t, &at));) {
        if (!ht_retain_deletes(e->key, modulus)) {
            sum += ht_entry_sum(e->key, e->value);
        } else if (erase(t, e)) {
            sum = 0;
            cds_lfht_first(t->map, &at);
        }
    }
    return sum;
}

static void clear(struct ht *t)
{
    (void)retain(t, 1); /* keeps none */
}

static void release(struct ht *t)
{
    clear(t);
    owner = t;
    peer_drop(&t->peer, t->fixed);
    destroy_map(t->map);
}

static void destroy(struct ht *t)
{
    release(t);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

/* Its own call, in this thread and helpers that it joins. */
static void resize(struct ht *t, size_t entries)
{
    size_t buckets = 1;
    while (buckets < entries)
        buckets *= 2;
    owner = t;
    (void)open_gate();
    cds_lfht_resize(t->map, buckets);
    close_gate();
}

static bool compact(struct ht *t)
{
    resize(t, t->live);
    return true;
}

static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > PEER_RESERVE_MOST)
        return ht_refuse(t->peer.mem) != NULL;
    if (entries > t->slots)
        resize(t, entries);
    return true;
}

static bool rebuild_copy(struct ht *t)
{
    struct ht fresh = {.peer = t->peer};
    struct cds_lfht_iter at;
    make(&fresh);
    cds_lfht_first(t->map, &at);
    for (const struct entry *e; (e = step(t, &at));)
        CHECK(put(&fresh, e->key, e->value) == HT_NEW);
    t->peer = fresh.peer;
    release(t);
    fresh.peer = t->peer;
    *t = fresh;
    return true;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    struct cds_lfht_iter at;
    cds_lfht_first(t->map, &at);
    for (const struct entry *e; (e = step(t, &at));)
        visit(arg, e->key, e->value);
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    struct cds_lfht_iter at;
    cds_lfht_first(t->map, &at);
    for (const struct entry *e; (e = step(t, &at));)
        sum += ht_entry_sum(e->key, e->value);
    return sum;
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, t->live, t->slots, 0);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, t->live, 32 + 16);
}

PEER_NO_COPY
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(urcu_lfht,
          "liburcu's rculfhash: split-ordered list, resized by a thread whose time is not counted",
          HT_NEEDS_MEMORY | HT_NO_COPY);
