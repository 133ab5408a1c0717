/* What the table tells of itself: sizes, broken invariants, its image.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_ACCOUNT_H
#define EBB_ACCOUNT_H

#include "release.h"

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    each_in_buckets(t, visit, arg);
    tree_each(t->core.tree.root, visit, arg);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    const struct core *c = &t->core;
    size_t held =
        room_bytes(&c->store.room) + (c->tree.count + c->tree.spares) * sizeof(struct node);
    *s = (struct ht_stats){
        .live = c->live,
        .slots = buckets_of(&c->store) * BUCKET_SLOTS + c->tree.count,
        .usable = c->grow_above + c->tree.count,
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
static const char *check_bucket(const struct ht *t, size_t b, size_t *live)
{
    const struct store *s = &t->core.store;
    const struct entry *entries = entries_of(s, b);
    for (unsigned slots = bucket_live(tags_of(s, b)); slots; slots &= slots - 1) {
        const struct entry *entry = &entries[first_slot(slots)];
        size_t slot;
        if (!store_find(s, entry->key, ht_hash(entry->key, t->config.seed), &slot))
            return "a live key is not found where it lies";
        if (&s->room.entries[slot] != entry)
            return "a key lies in two slots";
        if (tree_find(&t->core.tree, entry->key))
            return "a key lies in a bucket and in the tree";
        ++*live;
    }
    return NULL;
}

static const char *check_sizes(const struct ht *t)
{
    const struct store *s = &t->core.store;
    if (s->count <= s->mask / 2 || s->count > s->mask)
        return "the mask does not fit the number of buckets";
    if (s->count > s->room.count && !store_is_none(s))
        return "there is no memory for the last buckets";
    if (!t->debt && !t->holding && !t->behind && s->live < t->core.shrink_below)
        return "there are more buckets than the entries need";
    return NULL;
}

static const char *check(const struct ht *t)
{
    static const uint8_t zero[BUCKET_SLOTS];
    const struct store *s = &t->core.store;
    if (memcmp(no_tags, zero, sizeof zero) != 0)
        return "the static empty bucket has been written to";
    size_t live = 0, nodes = 0;
    const char *wrong = check_tree(&t->core.tree, t->core.tree.root, &nodes);
    if (!wrong && nodes != t->core.tree.count)
        wrong = "nodes of the tree counted anew differ from the count kept";
    if (!wrong)
        wrong = check_sizes(t);
    for (size_t b = 0; !wrong && b < buckets_of(s); b++)
        wrong = check_bucket(t, b, &live);
    if (!wrong && (live != s->live || live + nodes != t->core.live))
        wrong = "live entries counted anew differ from the count kept";
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
    const struct store *s = &t->core.store;
    size_t sizes[] = {t->reserved, buckets_of(s), s->room.count, s->room.reach,
                      t->core.tree.spares};
    bool flags[] = {t->holding, t->debt, t->behind};
    image_add(&to, sizes, sizeof sizes);
    image_add(&to, flags, sizeof flags);
    image_add(&to, s->room.tags, slots_from(buckets_of(s)));
    each(t, add_image, &to);
    return to.length;
}

#endif
