/* check() of segment/follow names every corruption.
 *
 * SPDX-License-Identifier: MIT */
#pragma GCC diagnostic ignored "-Wunused-function" /* a few operations are used */

#include "segment/operations.h"

#include "corrupt.h"

enum { KEYS = 6000 }; /* many buckets, in a mapping */

static void corrupt_counts(struct ht *t)
{
    struct core *c = &t->core, right = t->core;
    c->live++;
    expect(t, "live entries counted anew differ from the count kept");
    *c = right;
    c->store.live--;
    expect(t, "live entries counted anew differ from the count kept");
    *c = right;
    c->shrink_below = c->store.live + 1;
    expect(t, "there are more buckets than the entries need");
    t->behind = true; /* it says so itself */
    CHECK(!check(t));
    t->behind = false;
    *c = right;
    c->store.room.count = c->store.count - 1;
    expect(t, "there is no memory for the last buckets");
    *c = right;
}

static void corrupt_mask(struct ht *t)
{
    size_t *mask = &t->core.store.mask, right = *mask;
    *mask = 2 * right + 1;
    expect(t, "the mask does not fit the number of buckets");
    *mask = 2 * t->core.store.count;
    expect(t, "the mask does not fit the number of buckets");
    *mask = t->core.store.count - 1;
    expect(t, "the mask does not fit the number of buckets");
    *mask = right / 2;
    expect(t, "the mask does not fit the number of buckets");
    *mask = right;
}

/* In every live slot: another tag. In every full bucket: a key twice. */
static void corrupt_buckets(struct ht *t)
{
    const struct store *s = &t->core.store;
    bool full = false;
    for (size_t b = 0; b < s->count; b += 7) {
        uint8_t *tags = tags_of(s, b), right[BUCKET_SLOTS];
        memcpy(right, tags, sizeof right);
        for (unsigned live = bucket_live(tags); live; live &= live - 1) {
            size_t slot = first_slot(live);
            tags[slot] = (uint8_t)(right[slot] == 1 ? 2 : right[slot] ^ 1);
            expect(t, "a live key is not found where it lies");
            tags[slot] = right[slot];
        }
        if (bucket_live(tags) != BUCKET_ALL)
            continue;
        full = true;
        struct entry *entries = entries_of(s, b), second = entries[1];
        entries[1] = entries[0];
        tags[1] = tags[0];
        expect(t, "a key lies in two slots");
        entries[1] = second;
        tags[1] = right[1];
    }
    CHECK(full);
}

static void hang_in_tree(struct ht *t, uint64_t key)
{
    struct node *n = tree_node(t->mem, (struct entry){key, 0});
    CHECK(n);
    tree_add(&t->core.tree, n);
    t->core.live++;
}

static void take_from_tree(struct ht *t, uint64_t key)
{
    CHECK(tree_erase(&t->core.tree, t->mem, key, false));
    t->core.live--;
}

static struct node *child_of(const struct node *n)
{
    return n->child[0] ? n->child[0] : n->child[1];
}

/* A node between the root and one of its children; NULL if there is none. */
static struct node *inner_of(const struct node *root)
{
    for (unsigned side = 0; side < 2; side++)
        if (root->child[side] && root->child[side]->child[!side])
            return root->child[side]->child[!side];
    return NULL;
}

/* Below a child of the root, so that what is wrong has a way up. */
static void corrupt_deep(struct ht *t)
{
    enum { NODES = 8 };
    for (uint64_t key = KEYS + 1; key <= KEYS + NODES; key++)
        hang_in_tree(t, key);
    struct node *above = child_of(t->core.tree.root), *leaf = child_of(above);
    CHECK(leaf && !check(t));
    uint64_t key = leaf->entry.key;
    leaf->entry.key = above->entry.key + (leaf == above->child[0] ? 1 : UINT64_MAX);
    expect(t, "the tree is out of order");
    leaf->entry.key = key;
    struct node *root = t->core.tree.root, *inner = inner_of(root);
    CHECK(inner);
    key = inner->entry.key;
    inner->entry.key = inner->entry.key < root->entry.key ? UINT64_MAX : 0;
    expect(t, "a node of the tree is not found where it lies");
    inner->entry.key = key;
    for (key = KEYS + 1; key <= KEYS + NODES; key++)
        take_from_tree(t, key);
}

static void corrupt_tree(struct ht *t)
{
    struct tree *tree = &t->core.tree;
    hang_in_tree(t, KEYS / 2);
    expect(t, "a key lies in a bucket and in the tree");
    take_from_tree(t, KEYS / 2);

    hang_in_tree(t, KEYS + 1);
    hang_in_tree(t, KEYS + 2);
    CHECK(!check(t));
    tree->count++;
    expect(t, "nodes of the tree counted anew differ from the count kept");
    tree->count--;
    struct node *root = tree->root, *child = child_of(root);
    uint64_t key = root->entry.key, seed = tree->seed;
    root->entry.key = child->entry.key + (child == root->child[1] ? 1 : UINT64_MAX);
    expect(t, "the tree is out of order");
    root->entry.key = key;
    while (priority_of(tree, child) <= priority_of(tree, root))
        tree->seed++;
    expect(t, "a node of the tree has a higher priority than its parent");
    tree->seed = seed;
    CHECK(!check(t));
    take_from_tree(t, KEYS + 1);
    take_from_tree(t, KEYS + 2);
}

int main(void)
{
    struct ht *t = table_of(KEYS);
    corrupt_counts(t);
    corrupt_mask(t);
    corrupt_buckets(t);
    corrupt_tree(t);
    corrupt_deep(t);
    expect_good(t);
    return 0;
}
