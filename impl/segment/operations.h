/* The operations of the table; see follow.h.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_OPERATIONS_H
#define EBB_OPERATIONS_H

#include "account.h"

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = ht_alloc_handle(mem, sizeof *t);
    if (!t)
        return NULL;
    t->mem = mem;
    t->config = *config;
    t->moves.step = UINT64_MAX;
    core_init(&t->core, config);
    return t;
}

static void destroy(struct ht *t)
{
    core_free(&t->core, t->mem);
    ht_free_handle(t->mem, t, sizeof *t);
}

/* ---- one key ---------------------------------------------------------------- */

/* A key that is in no bucket, perhaps in the tree. */
HT_INLINE bool get_homeless(const struct ht *t, uint64_t key, uint64_t *value)
{
    if (__builtin_expect(t->core.tree.count == 0, 1))
        return false;
    const struct node *n = tree_find(&t->core.tree, key);
    if (n)
        *value = n->entry.value;
    return n != NULL;
}

HT_INLINE bool get_hashed(const struct ht *t, uint64_t key, uint64_t hash, enum slots slots,
                          uint64_t *value)
{
    const struct store *s = &t->core.store;
    size_t slot;
    if (!store_look(s, key, home_of(s, hash), slots, &slot))
        return get_homeless(t, key, value);
    *value = s->room.entries[slot].value;
    return true;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    return get_hashed(t, key, ht_hash(key, t->config.seed), SLOTS_IF_FOUND, value);
}

HT_INLINE bool get_asked(const struct ht *t, uint64_t key, uint64_t hash, uint64_t *value)
{
    return get_hashed(t, key, hash, SLOTS_ASKED, value);
}

HT_INLINE void ask(const struct ht *t, uint64_t hash)
{
    store_ask(&t->core.store, hash);
}

HT_INLINE void ask_entry(const struct ht *t, uint64_t hash)
{
    store_ask_entry(&t->core.store, hash);
}

#include "many.h"

/* A new key whose buckets are full into one of them, out of which another moves. */
static bool push_entry(struct ht *t, uint64_t hash, struct entry entry)
{
    size_t moved = store_make_room(&t->core.store, hash, entry, t->config.seed);
    moves_add(&t->moves, t->mem, moved);
    return moved != 0;
}

/* Would the entries do for a bucket more? If not, too many hashes are alike. */
static bool would_fill(const struct core *c)
{
    return c->store.live >= fewest_of(c->store.count + 1);
}

/* A new key that none can make room for: the table grows early, or the key goes to the tree. The
 * node comes first, so that nothing has changed if there is none. */
HT_COLD bool put_homeless(struct ht *t, uint64_t hash, struct entry entry)
{
    struct node *n = tree_node(t->mem, entry);
    if (!n)
        return false;
    if (would_fill(&t->core) && split_next(t, 1) &&
        (store_insert(&t->core.store, home_of(&t->core.store, hash), entry) ||
         push_entry(t, hash, entry)))
        ht_free(t->mem, n, sizeof *n);
    else
        add_node(t, n);
    return true;
}

/* A new key has come, and not by the short way: what else there is to do is done. */
static enum ht_put put_done(struct ht *t)
{
    t->core.live++;
    if (t->debt)
        settle(t);
    recall_one(t);
    return HT_NEW;
}

/* No room in either bucket of a new key. */
__attribute__((noinline, unused)) static enum ht_put put_pushing(struct ht *t, uint64_t hash,
                                                                 struct entry entry)
{
    if (!push_entry(t, hash, entry) && !put_homeless(t, hash, entry))
        return HT_NOMEM;
    return put_done(t);
}

/* The table is full: a segment more, too. Where there is no memory for it, the next put tries
 * again. */
__attribute__((noinline, unused)) static enum ht_put put_growing(struct ht *t, uint64_t hash,
                                                                 struct entry entry)
{
    if (store_is_none(&t->core.store) && !split_next(t, 1))
        return HT_NOMEM;
    enum ht_put done = store_insert(&t->core.store, home_of(&t->core.store, hash), entry)
                           ? put_done(t)
                           : put_pushing(t, hash, entry);
    if (done == HT_NEW && t->core.store.live > t->core.grow_above)
        (void)split_next(t, segment_of(t->core.store.count));
    return done;
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct store *s = &t->core.store;
    struct home home = home_of(s, hash);
    size_t slot;
    if (store_look(s, key, home, SLOTS_NEEDED, &slot)) {
        s->room.entries[slot].value = value;
        return HT_REPLACED;
    }
    if (__builtin_expect(t->core.tree.count != 0, 0)) {
        struct node *n = tree_find(&t->core.tree, key);
        if (n) {
            n->entry.value = value;
            return HT_REPLACED;
        }
    }
    struct entry entry = {key, value};
    if (__builtin_expect(s->live >= t->core.grow_above, 0))
        return put_growing(t, hash, entry);
    if (__builtin_expect(!store_insert(s, home, entry), 0))
        return put_pushing(t, hash, entry);
    t->core.live++;
    if (__builtin_expect(t->debt, 0))
        settle(t);
    return HT_NEW;
}

/* MERGE_MOST buckets: what else is due comes with the next change. */
__attribute__((noinline, unused)) static void after_del(struct ht *t)
{
    if (t->holding)
        return;
    if (t->debt)
        settle(t);
    else
        t->debt = !merge_some(t, MERGE_MOST, NULL);
    recall_one(t);
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct store *s = &t->core.store;
    size_t slot;
    if (store_find(s, key, hash, &slot))
        store_erase(s, slot);
    else if (t->core.tree.count == 0 || !tree_erase(&t->core.tree, t->mem, key, t->holding))
        return false;
    t->core.live--;
    if (__builtin_expect(s->live < t->core.shrink_below || t->debt, 0))
        after_del(t);
    return true;
}

static bool pop(struct ht *t, uint64_t *key, uint64_t *value)
{
    (void)t, (void)key, (void)value; /* no order is kept */
    return false;
}

/* ---- all of it -------------------------------------------------------------- */

static uint64_t sum_of_tree(const struct node *n)
{
    uint64_t sum = 0;
    for (; n; n = n->child[1])
        sum += ht_entry_sum(n->entry.key, n->entry.value) + sum_of_tree(n->child[0]);
    return sum;
}

static uint64_t sum_of_all(const struct ht *t)
{
    const struct store *s = &t->core.store;
    uint64_t sum = sum_of_tree(t->core.tree.root);
    for (size_t b = 0; b < buckets_of(s); b++) {
        const struct entry *entries = entries_of(s, b);
        for (unsigned live = bucket_live(tags_of(s, b)); live; live &= live - 1)
            sum += ht_entry_sum(entries[first_slot(live)].key, entries[first_slot(live)].value);
    }
    return sum;
}

static void visit_all(struct ht *t)
{
    t->visited += buckets_of(&t->core.store) * BUCKET_SLOTS + t->core.tree.count;
}

static uint64_t scan(struct ht *t)
{
    visit_all(t);
    return sum_of_all(t);
}

static void retain_buckets(struct ht *t, uint64_t modulus)
{
    struct store *s = &t->core.store;
    for (size_t b = 0; b < buckets_of(s); b++) {
        const struct entry *entries = entries_of(s, b);
        for (unsigned live = bucket_live(tags_of(s, b)); live; live &= live - 1) {
            size_t slot = first_slot(live);
            if (!ht_retain_deletes(entries[slot].key, modulus))
                continue;
            tags_of(s, b)[slot] = 0;
            s->live--;
            t->core.live--;
        }
    }
}

/* What stays of a subtree. */
static struct node *retain_nodes(struct ht *t, struct node *n, uint64_t modulus)
{
    if (!n)
        return NULL;
    for (unsigned side = 0; side < 2; side++)
        n->child[side] = retain_nodes(t, n->child[side], modulus);
    if (!ht_retain_deletes(n->entry.key, modulus))
        return n;
    struct node *rest = tree_join(&t->core.tree, n->child[0], n->child[1]);
    tree_drop_node(&t->core.tree, t->mem, n, t->holding);
    t->core.tree.count--;
    t->core.live--;
    return rest;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    size_t before = t->core.live;
    visit_all(t);
    retain_buckets(t, modulus);
    t->core.tree.root = retain_nodes(t, t->core.tree.root, modulus);
    uint64_t sum = sum_of_all(t);
    if (t->core.live != before)
        settle(t);
    return sum;
}

static void clear(struct ht *t)
{
    core_free(&t->core, t->mem);
    core_init(&t->core, &t->config);
    t->reserved = 0;
    t->debt = t->behind = false;
}

/* ---- new storage for all ---------------------------------------------------- */

/* All entries into so many new buckets, and what is then too much goes. */
static bool rebuild_all(struct ht *t, size_t buckets, size_t reserved)
{
    if (!rebuild_for(t, buckets, reserved))
        return false;
    settle(t); /* where hashes are alike, not all that was counted has come */
    return true;
}

/* New storage for what lives; no more buckets than there are, where growing was refused. */
static bool rebuild_tight(struct ht *t)
{
    size_t there = larger(buckets_of(&t->core.store), 1);
    return rebuild_all(t, smaller(buckets_for(in_buckets(t)), there), 0);
}

static bool compact(struct ht *t)
{
    return rebuild_tight(t);
}

static bool copy(struct ht *t)
{
    return rebuild_tight(t);
}

static bool rebuild_copy(struct ht *t)
{
    return rebuild_tight(t);
}

/* A higher floor needs storage where there are too few buckets for it, or where entries hang in the
 * tree, which count for the floor too but lie in no bucket. A lower one may let some go. */
static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > HT_MOST)
        return ht_refuse(t->mem) != NULL;
    if (entries > t->reserved &&
        (buckets_for((size_t)entries) > buckets_of(&t->core.store) || t->core.tree.root)) {
        /* Asked for at once and given back, so that a wish beyond memory fails before
         * it has filled what there is. */
        size_t bytes = (size_t)entries * sizeof(struct entry);
        void *whole = ht_alloc(t->mem, bytes);
        if (!whole)
            return false;
        ht_free(t->mem, whole, bytes);
        size_t most = larger((size_t)entries, in_buckets(t));
        return rebuild_all(t, buckets_for(most), (size_t)entries);
    }
    bool lowered = entries < t->reserved;
    t->reserved = (size_t)entries;
    set_limits(&t->core, t->reserved);
    if (lowered)
        settle(t);
    return true;
}

static void tick(struct ht *t, uint64_t moments)
{
    if (moments && t->debt)
        settle(t);
    for (; moments && t->behind && !t->holding; moments--)
        after_del(t);
}

static void hold(struct ht *t)
{
    t->holding = true;
}

static void resume(struct ht *t)
{
    t->holding = false;
    settle(t);
}

/* Constants of the promise, DESIGN.md section 7. */
#ifdef HT_HARD
enum { BYTES_EACH = 80, BYTES_BASE = 512, MOVES_EACH = 8 };
#else
enum { BYTES_EACH = 35, BYTES_BASE = 512, MOVES_EACH = 8 };
#endif
/* During a step: a block and the pages that take its place. */
enum { BYTES_EXTRA = 2 * (BLOCK_MOST + PAGE_BUCKETS) * BUCKET_BYTES + 4 * PAGE };

static const struct ht_promise promise = {
    .shape = HT_PROMISE_EACH,
    .num = BYTES_EACH,
    .den = 1,
    .base = BYTES_BASE,
    .extra = BYTES_EXTRA,
    .words =
        "35 bytes for each entry, live or reserved, and 512, after every operation; a step moves "
        "a bounded number of entries",
    .moves = MOVES_EACH,
    .step_moves = MOVES_MOST,
    .probes = 4 + 2 * BUCKET_SLOTS,
    .undone = 2 * BUCKET_SLOTS, /* a merge */
};

#define SEGMENT_TABLE(symbol, e, s)                                                                \
    HT_IMPL(symbol, .name = e "/" s, .engine = e, .strategy = s,                                   \
            .summary = "linear hashing of buckets, which split and merge a few at a time",         \
            .traits = HT_MANY, .promise = &promise, .image = image)

#endif
