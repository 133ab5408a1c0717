/* glib_hash_table: GLib's GHashTable, 2.74.
 *
 * pkg-config: glib-2.0
 * package: libglib2.0-dev
 * Licence: LGPL 2.1. It calls malloc itself.
 * interposes
 * own hash: g_direct_hash, the key's lower half
 *
 * Arrays of keys, values and 32-bit hashes; quadratic probing with a prime modulus for
 * the home, a mask for the rest. Keys and values are pointers; as long as none exceeds 32 bits
 * an array takes 4 bytes a slot, so that step numbers as values count 4; and while every
 * value equals its key there is no array of values. Load limit
 * 15/16 with tombstones, powers of two. Deletion leaves a tombstone, and shrinks at
 * once when at most a quarter is live; every resize is in place. It has no call that
 * shrinks, copies or reserves: it does the first by itself. clear shrinks to 8 slots.
 * Cannot be equalised: it calls hash and equality through pointers, as its users do.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

#include <glib.h>

struct ht {
    struct peer peer;
    GHashTable *map;
};

static guint hash(gconstpointer key)
{
    return (guint)ht_hash((uint64_t)key, peer_seed);
}

/* A table's handle comes from GLib's slices, which keep slabs for all: one freed just
 * before is there for the next, so that no slab is counted as this table's. */
static GHashTable *make(struct ht *t)
{
    g_hash_table_unref(g_hash_table_new(NULL, NULL));
    peer_watched = &t->peer;
    GHashTable *map = g_hash_table_new(PEER_OWN ? g_direct_hash : hash, NULL);
    peer_watched = NULL;
    return map;
}

/* Nor is one freed as this table's: the arrays of an emptied table go unseen, and
 * `keep` bytes remain counted. */
static void release(struct ht *t, GHashTable *map, size_t keep)
{
    peer_watched = &t->peer;
    g_hash_table_remove_all(map);
    peer_watched = NULL;
    g_hash_table_unref(map);
    peer_drop(&t->peer, t->peer.held - keep);
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    peer_interpose();
    if (t)
        t->map = make(t);
    return t;
}

static void destroy(struct ht *t)
{
    release(t, t->map, 0);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

/* g_hash_table_insert answers whether the key was new. */
HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    peer_watched = &t->peer;
    bool is_new = g_hash_table_insert(t->map, (gpointer)key, (gpointer)value);
    peer_watched = NULL;
    return is_new ? HT_NEW : HT_REPLACED;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    gpointer found;
    if (!g_hash_table_lookup_extended(t->map, (gconstpointer)key, NULL, &found))
        return false;
    *value = (uint64_t)found;
    return true;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    peer_watched = &t->peer;
    bool erased = g_hash_table_remove(t->map, (gconstpointer)key);
    peer_watched = NULL;
    return erased;
}

static void clear(struct ht *t)
{
    peer_watched = &t->peer;
    g_hash_table_remove_all(t->map);
    peer_watched = NULL;
}

static bool rebuild_copy(struct ht *t)
{
    GHashTableIter iter;
    gpointer key, value;
    GHashTable *old = t->map;
    size_t held = t->peer.held;
    t->map = make(t);
    g_hash_table_iter_init(&iter, old);
    while (g_hash_table_iter_next(&iter, &key, &value))
        (void)put(t, (uint64_t)key, (uint64_t)value);
    release(t, old, t->peer.held - held);
    return true;
}

struct retained {
    uint64_t modulus, sum;
};

static gboolean deletes(gpointer key, gpointer value, gpointer arg)
{
    struct retained *r = arg;
    if (ht_retain_deletes((uint64_t)key, r->modulus))
        return TRUE;
    r->sum += ht_entry_sum((uint64_t)key, (uint64_t)value);
    return FALSE;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    struct retained r = {.modulus = modulus};
    peer_watched = &t->peer;
    (void)g_hash_table_foreach_remove(t->map, deletes, &r);
    peer_watched = NULL;
    return r.sum;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, t->map);
    while (g_hash_table_iter_next(&iter, &key, &value))
        visit(arg, (uint64_t)key, (uint64_t)value);
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, t->map);
    while (g_hash_table_iter_next(&iter, &key, &value))
        sum += ht_entry_sum((uint64_t)key, (uint64_t)value);
    return sum;
}

/* GLib does not tell how many slots it has. */
static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, g_hash_table_size(t->map), 0, 0);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, g_hash_table_size(t->map), 4 + 4);
}

PEER_NO_COMPACT
PEER_NO_COPY
PEER_NO_RESERVE
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(glib_hash_table, "GLib 2.74: tombstones, shrinks at a quarter, in place",
          HT_DEAD_SLOTS | HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_COPY | HT_NO_RESERVE);
