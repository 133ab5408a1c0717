/* The operations of a table of segments; see follow.h.
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
    set_limits(&t->core, 0);
    return t;
}

static void destroy(struct ht *t)
{
    core_free(&t->core, t->mem);
    ht_free_handle(t->mem, t, sizeof *t);
}

/* ---- one key ---------------------------------------------------------------- */

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    const struct directory *d = &t->core.directory;
    struct spot spot = segment_find(directory_at(d, directory_index(d, hash)), key, hash);
    if (spot.entry) {
        *value = spot.entry->value;
        return true;
    }
    if (__builtin_expect(t->core.tree.count == 0, 1))
        return false;
    const struct node *n = tree_find(&t->core.tree, key);
    if (n)
        *value = n->entry.value;
    return n != NULL;
}

HT_COLD bool add_node(struct ht *t, struct entry entry)
{
    struct node *n = tree_node(t->mem, entry);
    if (!n)
        return false;
    tree_add(&t->core.tree, n);
    tree_free_spare(&t->core.tree, t->mem);
    return true;
}

/* Would the segment's entries do for so many buckets? If not, too many hashes are alike. */
static bool would_fill(const struct segment *s, uint32_t count)
{
    return s->live * 8 >= count * LOW;
}

/* No bucket of the key has room: another entry moves, the segment grows, or the key goes
 * to the tree. */
HT_COLD enum ht_put put_growing(struct ht *t, size_t i, struct entry entry)
{
    struct segment *s = directory_at(&t->core.directory, i);
    uint64_t hash = ht_hash(entry.key, t->config.seed);
    bool few = t->core.directory.count < FEW;
    size_t moved = segment_is_full(s) ? 0 : segment_make_room(s, hash, entry, few);
    if (moved) {
        s->live++;
        moves_add(&t->moves, t->mem, moved);
    } else {
        struct size size = size_grown(t, i);
        bool grows = segment_is_none(s) ||
                     (size.count > s->count && (segment_is_full(s) || would_fill(s, size.count)));
        if (grows ? !resize_segment(t, i, size, &entry) : !add_node(t, entry))
            return HT_NOMEM;
    }
    t->core.live++;
    if (t->debt)
        settle(t);
    recall_one(t);
    return HT_NEW;
}

/* After a new key: work that is due or put off. */
HT_COLD void after_put(struct ht *t)
{
    if (t->debt)
        settle(t);
    else
        (void)split_next(t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct directory *d = &t->core.directory;
    size_t i = directory_index(d, hash);
    struct segment *s = directory_at(d, i);
    struct spot spot = segment_look(s, key, hash, true);
    if (spot.entry) {
        spot.entry->value = value;
        return HT_REPLACED;
    }
    if (__builtin_expect(t->core.tree.count != 0, 0)) {
        struct node *n = tree_find(&t->core.tree, key);
        if (n) {
            n->entry.value = value;
            return HT_REPLACED;
        }
    }
    if (__builtin_expect(segment_is_full(s), 0) ||
        __builtin_expect(!segment_insert(s, hash, (struct entry){key, value}), 0))
        return put_growing(t, i, (struct entry){key, value});
    t->core.live++;
    if (__builtin_expect(t->core.live > t->core.split_above || t->debt, 0))
        after_put(t);
    return HT_NEW;
}

/* One rebuild at most: what else is due comes with the next change. */
HT_COLD void after_del(struct ht *t, size_t i)
{
    if (t->holding)
        return;
    if (t->debt)
        settle(t);
    else if (t->core.live < t->core.merge_below)
        t->debt = !merge_last(t);
    else
        t->debt = !trim_segment(t, i);
    recall_one(t);
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    uint64_t hash = ht_hash(key, t->config.seed);
    struct directory *d = &t->core.directory;
    size_t i = directory_index(d, hash);
    struct segment *s = directory_at(d, i);
    struct spot spot = segment_find(s, key, hash);
    if (spot.entry)
        segment_erase(s, spot);
    else if (t->core.tree.count == 0 || !tree_erase(&t->core.tree, t->mem, key, t->holding))
        return false;
    t->core.live--;
    if (__builtin_expect(segment_is_low(s, low_of(&t->core, i)) ||
                             t->core.live < t->core.merge_below || t->debt,
                         0))
        after_del(t, i);
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

static uint64_t sum_of_segment(const struct segment *s)
{
    uint64_t sum = 0;
    for (size_t b = 0; b < s->count; b++) {
        const struct entry *entries = entries_of(s, b);
        for (unsigned live = bucket_live(&s->buckets[b]); live; live &= live - 1)
            sum += ht_entry_sum(entries[first_slot(live)].key, entries[first_slot(live)].value);
    }
    return sum;
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = sum_of_tree(t->core.tree.root);
    for (size_t i = 0; i < t->core.directory.count; i++)
        sum += sum_of_segment(directory_at(&t->core.directory, i));
    t->visited += t->core.buckets * BUCKET_SLOTS + t->core.tree.count;
    return sum;
}

static void retain_segment(struct ht *t, struct segment *s, uint64_t modulus)
{
    for (size_t b = 0; b < s->count; b++) {
        const struct entry *entries = entries_of(s, b);
        for (unsigned live = bucket_live(&s->buckets[b]); live; live &= live - 1) {
            unsigned slot = first_slot(live);
            if (!ht_retain_deletes(entries[slot].key, modulus))
                continue;
            s->buckets[b].tag[slot] = 0;
            s->live--;
            t->core.live--;
        }
    }
}

/* Takes the tree apart, and puts together what stays. */
static void retain_tree(struct ht *t, uint64_t modulus)
{
    struct tree old = t->core.tree;
    struct node *n = old.root;
    t->core.tree.root = NULL;
    t->core.tree.count = 0;
    while (n) {
        struct node *left = n->child[0];
        if (left) { /* rotate left children up until there is none */
            n->child[0] = left->child[1];
            left->child[1] = n;
            n = left;
            continue;
        }
        struct node *right = n->child[1];
        if (ht_retain_deletes(n->entry.key, modulus)) {
            tree_drop_node(&t->core.tree, t->mem, n, t->holding);
            t->core.live--;
        } else {
            tree_add(&t->core.tree, n);
        }
        n = right;
    }
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    size_t before = t->core.live;
    t->visited += t->core.buckets * BUCKET_SLOTS + t->core.tree.count;
    for (size_t i = 0; i < t->core.directory.count; i++)
        retain_segment(t, directory_at(&t->core.directory, i), modulus);
    retain_tree(t, modulus);
    uint64_t sum = sum_of_tree(t->core.tree.root);
    for (size_t i = 0; i < t->core.directory.count; i++)
        sum += sum_of_segment(directory_at(&t->core.directory, i));
    if (t->core.live != before)
        settle(t);
    return sum;
}

static void clear(struct ht *t)
{
    core_free(&t->core, t->mem);
    core_init(&t->core, &t->config);
    set_limits(&t->core, 0);
    t->reserved = 0;
    t->debt = false;
}

/* ---- new storage for all ---------------------------------------------------- */

HT_INLINE void count_one(void *arg, uint64_t key, uint64_t value)
{
    struct ht *fresh = arg;
    uint64_t hash = ht_hash(key, fresh->config.seed);
    struct directory *d = &fresh->core.directory;
    directory_at(d, directory_index(d, hash))->live++;
    (void)value;
}

static void count_nodes(struct ht *fresh, const struct node *n)
{
    for (; n; n = n->child[1]) {
        count_nodes(fresh, n->child[0]);
        count_one(fresh, n->entry.key, 0);
    }
}

/* Segments for n entries at least, each as large as what t has for it; nothing in them. */
static bool prepare(struct ht *fresh, const struct ht *t, size_t n)
{
    struct directory *d = &fresh->core.directory;
    while (d->count < segments_for(n)) {
        if (!directory_grow(d, t->mem))
            return false;
        directory_add(d, no_segment);
    }
    for (size_t i = 0; i < d->count; i++)
        directory_at(d, i)->live = 0;
    each_in_segments(t, count_one, fresh);
    count_nodes(fresh, t->core.tree.root);
    for (size_t i = 0; i < d->count; i++) {
        struct size size = size_to_hold(fresh, i, directory_at(d, i)->live);
        struct segment s;
        if (!segment_alloc(&s, &fresh->core.arena, t->mem, size.count, size.in_run))
            return false;
        replace_segment(&fresh->core, t->mem, i, s);
    }
    return true;
}

struct refill {
    struct ht *fresh;
    bool failed;
};

HT_INLINE void refill_one(void *arg, uint64_t key, uint64_t value)
{
    struct refill *r = arg;
    struct core *c = &r->fresh->core;
    uint64_t hash = ht_hash(key, r->fresh->config.seed);
    struct entry entry = {key, value};
    struct segment *s = directory_at(&c->directory, directory_index(&c->directory, hash));
    if (r->failed)
        return;
    bool full = segment_is_full(s); /* as large as it may be, and hashes are alike */
    bool in = !full && segment_insert(s, hash, entry);
    if (!in && !full && segment_make_room(s, hash, entry, true)) {
        s->live++;
        in = true;
    }
    r->failed = !in && !add_node(r->fresh, entry);
    c->live += !r->failed;
}

static void refill_nodes(struct refill *r, const struct node *n)
{
    for (; n; n = n->child[1]) {
        refill_nodes(r, n->child[0]);
        refill_one(r, n->entry.key, n->entry.value);
    }
}

/* All entries into new storage with room for n; from now on `reserved` is the floor.
 * False: no memory, and nothing has changed. */
static bool rebuild_all(struct ht *t, size_t n, size_t reserved)
{
    struct ht fresh = *t;
    struct refill refill = {.fresh = &fresh};
    core_init(&fresh.core, &t->config);
    fresh.reserved = reserved;
    refill.failed = n && !prepare(&fresh, t, n);
    if (!refill.failed) {
        each_in_segments(t, refill_one, &refill);
        refill_nodes(&refill, t->core.tree.root);
    }
    if (refill.failed) {
        core_free(&fresh.core, t->mem);
        return false;
    }
    core_free(&t->core, t->mem);
    core_move(&t->core, &fresh.core);
    set_limits(&t->core, reserved);
    moves_add(&t->moves, t->mem, t->core.live);
    t->rebuilds++;
    t->reserved = reserved;
    t->debt = false;
    settle(t); /* where hashes are alike, not all that was counted has come */
    return true;
}

static bool compact(struct ht *t)
{
    return rebuild_all(t, t->core.live, 0);
}

static bool copy(struct ht *t)
{
    return rebuild_all(t, t->core.live, 0);
}

static bool rebuild_copy(struct ht *t)
{
    return rebuild_all(t, t->core.live, 0);
}

/* A higher floor needs storage: more than there is for what lives, or, where entries hang in the
 * tree, as much in the segments. A lower one may let some go. */
static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > SIZE_MAX / 64)
        return ht_refuse(t->mem) != NULL;
    if (entries > t->reserved && (entries > t->core.live || t->core.tree.root)) {
        /* Asked for at once and given back, so that a wish beyond memory fails before
         * it has filled what there is. */
        size_t bytes = (size_t)entries * sizeof(struct entry);
        void *whole = ht_alloc(t->mem, bytes);
        if (!whole)
            return false;
        ht_free(t->mem, whole, bytes);
        return rebuild_all(t, larger((size_t)entries, t->core.live), (size_t)entries);
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
enum { BYTES_EACH = 240, BYTES_BASE = 512, MOVES_EACH = 8 };
#else
enum { BYTES_EACH = 33, BYTES_BASE = 512, MOVES_EACH = 16 };
#endif
/* During a step: what is put aside of a segment, its two halves in whole pages, a chunk,
 * and the addresses of all chunks. */
enum {
    ADDRESSES_MOST = 1024,
    BYTES_EXTRA = (BUCKETS_MOST + BUCKETS_MOST * FULL / LAND + 2) * BUCKET_BYTES + 2 * PAGE +
                  (int)sizeof(struct chunk) + CHUNK * 2 * (int)sizeof(struct segment) +
                  ADDRESSES_MOST * (int)sizeof(void *)
};

static const struct ht_promise promise = {
    .shape = HT_PROMISE_EACH,
    .num = BYTES_EACH,
    .den = 1,
    .base = BYTES_BASE,
    .extra = BYTES_EXTRA,
    .words =
        "bytes for each entry, live or reserved, after every operation; one segment's work a step",
    .moves = MOVES_EACH,
    .step_moves = MOVES_MOST,
    .probes = 4 + 2 * BUCKET_SLOTS,
};

#define SEGMENT_TABLE(symbol, e, s)                                                                \
    HT_IMPL(symbol, .name = e "/" s, .engine = e, .strategy = s,                                   \
            .summary = "segments that grow, shrink, split and merge one at a time", .traits = 0,   \
            .promise = &promise, .image = image)

#endif
