/* What a table of segments tells of itself: sizes, broken invariants, its image.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_ACCOUNT_H
#define EBB_ACCOUNT_H

#include "follow.h"

/* Inlined, so that whoever gives a visitor by name makes no indirect call. */
HT_INLINE void each_in_segments(const struct ht *t, ht_visit *visit, void *arg)
{
    for (size_t i = 0; i < t->core.directory.count; i++) {
        const struct segment *s = directory_at(&t->core.directory, i);
        for (size_t b = 0; b < s->count; b++) {
            const struct entry *entries = entries_of(s, b);
            for (unsigned live = bucket_live(&s->buckets[b]); live; live &= live - 1) {
                const struct entry *entry = &entries[first_slot(live)];
                visit(arg, entry->key, entry->value);
            }
        }
    }
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    each_in_segments(t, visit, arg);
    tree_each(t->core.tree.root, visit, arg);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    const struct core *c = &t->core;
    size_t held = c->stored + arena_held(&c->arena) + directory_held(&c->directory) +
                  (c->tree.count + c->tree.spares) * sizeof(struct node);
    *s = (struct ht_stats){
        .live = c->live,
        .slots = c->buckets * BUCKET_SLOTS + c->tree.count,
        .usable = c->buckets * FULL / 8 + c->tree.count,
        .reserved = t->reserved,
        .held = held,
        .reported = held,
        .debt = t->debt,
        .holding = t->holding,
        .moved = t->moves.all,
        .moved_most = t->moves.most,
        .probed = ht_probes,
        .rebuilds = t->rebuilds,
        .visited = t->visited,
    };
}

/* Every key of bucket b is found where it lies, and belongs there. */
static const char *check_bucket(const struct ht *t, size_t i, size_t b, size_t *live)
{
    const struct segment *s = directory_at(&t->core.directory, i);
    const struct entry *entries = entries_of(s, b);
    for (unsigned slots = bucket_live(&s->buckets[b]); slots; slots &= slots - 1) {
        const struct entry *entry = &entries[first_slot(slots)];
        uint64_t hash = ht_hash(entry->key, t->config.seed);
        if (directory_index(&t->core.directory, hash) != i)
            return "a key lies in another segment than its hash says";
        struct spot spot = segment_find(s, entry->key, hash);
        if (!spot.entry)
            return "a live key is not found where it lies";
        if (spot.entry != entry)
            return "a key lies in two slots";
        if (tree_find(&t->core.tree, entry->key))
            return "a key lies in its segment and in the tree";
        ++*live;
    }
    return NULL;
}

static const char *check_segment(const struct ht *t, size_t i, size_t *live)
{
    const struct segment *s = directory_at(&t->core.directory, i);
    size_t before = *live;
    const char *wrong = NULL;
    for (size_t b = 0; !wrong && b < s->count; b++)
        wrong = check_bucket(t, i, b, live);
    if (!wrong && segment_live(s) != *live - before)
        wrong = "live entries counted anew differ from the count kept";
    return wrong;
}

static const char *check_sizes(const struct ht *t)
{
    const struct directory *d = &t->core.directory;
    size_t buckets = 0, stored = 0;
    if (d->count <= d->mask / 2 || d->count > d->mask)
        return "the directory's mask does not fit the number of segments";
    for (size_t i = 0; i < d->count; i++) {
        const struct segment *s = directory_at(d, i);
        if (s->count > BUCKETS_MOST)
            return "a segment has more buckets than it may";
        buckets += segment_is_none(s) ? 0 : s->count;
        stored += storage_bytes(s);
        if (!segment_is_none(s) && s->live * 8 > s->count * FULL)
            return "a segment has more entries than it may";
    }
    if (buckets != t->core.buckets || stored != t->core.stored)
        return "buckets counted anew differ from the count kept";
    if (!t->debt && !t->holding && t->core.live + 1 < t->core.merge_below)
        return "there are more segments than the entries need";
    return NULL;
}

static const char *check(const struct ht *t)
{
    static const struct bucket zero;
    if (memcmp(&no_bucket, &zero, sizeof zero) != 0)
        return "the static empty bucket has been written to";
    size_t live = 0, nodes = 0;
    const char *wrong = check_tree(&t->core.tree, t->core.tree.root, &nodes);
    if (!wrong && nodes != t->core.tree.count)
        wrong = "nodes of the tree counted anew differ from the count kept";
    if (!wrong)
        wrong = check_sizes(t);
    for (size_t i = 0; !wrong && i < t->core.directory.count; i++)
        wrong = check_segment(t, i, &live);
    if (!wrong && live + nodes != t->core.live)
        wrong = "live entries of all segments differ from the count kept";
    return wrong;
}

static void add_image(void *image, uint64_t key, uint64_t value)
{
    struct entry entry = {key, value};
    image_add(image, &entry, sizeof entry);
}

static size_t image(const struct ht *t, unsigned char *bytes, size_t room)
{
    struct image to = {bytes, room, 0};
    const struct directory *d = &t->core.directory;
    size_t sizes[] = {t->reserved, d->count,      d->chunks,
                      d->room,     d->first_room, t->core.tree.spares};
    bool flags[] = {t->holding, t->debt};
    image_add(&to, sizes, sizeof sizes);
    image_add(&to, flags, sizeof flags);
    for (size_t i = 0; i < d->count; i++) {
        const struct segment *s = directory_at(d, i);
        uint32_t count = segment_is_none(s) ? 0 : s->count;
        bool in_run = segment_in_run(s);
        image_add(&to, &count, sizeof count);
        image_add(&to, &in_run, sizeof in_run);
        image_add(&to, s->buckets, s->count * sizeof *s->buckets);
    }
    each(t, add_image, &to);
    return to.length;
}

#endif
