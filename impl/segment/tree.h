/* Entries that find no room in their two buckets: a tree ordered by key.
 *
 * Buckets bound the probes, and their number follows the entries, so that one operation stays
 * bounded whatever the hashes are; what does not fit, because too many hashes are alike, lies
 * here. With hashes that spread the tree is empty.
 *
 * Invariant: ordered by key, and no node's priority exceeds its parent's; priorities
 * are a bijection of keys by the seed, so the shape depends on the keys alone.
 * Cost: one node of 32 bytes an entry; about 1.4 log2(n) nodes are looked at.
 * Origin: treaps (Aragon and Seidel, FOCS 1989), as V8 and Java's HashMap fall back to
 * trees for buckets of equal hashes.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_TREE_H
#define EBB_TREE_H

#include "define.h"
#include "entry.h"
#include "probes.h"

struct node {
    struct entry entry;
    struct node *child[2];
};

struct tree {
    struct node *root;
    size_t count;
    struct node *spare; /* nodes erased while nothing may be released; linked by child[0] */
    size_t spares;
    uint64_t seed;
};

static inline uint64_t priority_of(const struct tree *t, const struct node *n)
{
    return ht_mix(n->entry.key ^ t->seed);
}

static inline bool outranks(const struct tree *t, const struct node *a, const struct node *b)
{
    return priority_of(t, a) > priority_of(t, b);
}

/* Which child of a node a key other than its own lies below. */
static inline unsigned side_of(const struct node *n, uint64_t key)
{
    return key > n->entry.key;
}

static inline struct node *tree_node(struct ht_mem *mem, struct entry entry)
{
    struct node *n = ht_alloc(mem, sizeof *n);
    if (n)
        *n = (struct node){.entry = entry};
    return n;
}

HT_COLD struct node *tree_find(const struct tree *t, uint64_t key)
{
    struct node *n = t->root;
    for (; n && n->entry.key != key; n = n->child[side_of(n, key)])
        HT_PROBE();
    return n;
}

/* `n` takes the place of the first node of lower priority on its way, whose subtree is
 * cut in two around the key. */
HT_COLD void tree_add(struct tree *t, struct node *n)
{
    uint64_t key = n->entry.key;
    struct node **at = &t->root;
    for (; *at && outranks(t, *at, n); at = &(*at)->child[side_of(*at, key)])
        HT_PROBE();
    struct node *rest = *at, **edge[2] = {&n->child[0], &n->child[1]};
    *at = n;
    for (; rest; HT_PROBE()) {
        unsigned side = side_of(rest, key); /* `rest` stays on the other, and is cut on this */
        *edge[!side] = rest;
        edge[!side] = &rest->child[side];
        rest = rest->child[side];
    }
    *edge[0] = *edge[1] = NULL;
    t->count++;
}

/* Frees a node, or keeps it. */
static void tree_drop_node(struct tree *t, struct ht_mem *mem, struct node *n, bool keep)
{
    if (!keep) {
        ht_free(mem, n, sizeof *n);
        return;
    }
    n->child[0] = t->spare;
    t->spare = n;
    t->spares++;
}

/* One of those kept, if there is one: after a new node, so that they do not add up. */
static void tree_free_spare(struct tree *t, struct ht_mem *mem)
{
    struct node *n = t->spare;
    if (!n)
        return;
    t->spare = n->child[0];
    t->spares--;
    ht_free(mem, n, sizeof *n);
}

/* At most so many of them. */
static void tree_free_spares(struct tree *t, struct ht_mem *mem, size_t most)
{
    for (; t->spare && most; most--)
        tree_free_spare(t, mem);
}

/* Adds a list of nodes, linked by child[0]. There are no spare nodes: nothing merges between hold and
 * resume. */
static void tree_add_list(struct tree *t, struct node *list)
{
    while (list) {
        struct node *next = list->child[0];
        tree_add(t, list);
        list = next;
    }
}

static void tree_free_list(struct ht_mem *mem, struct node *list)
{
    while (list) {
        struct node *next = list->child[0];
        ht_free(mem, list, sizeof *list);
        list = next;
    }
}

/* Two subtrees, of lower keys and of higher ones, become one. */
static struct node *tree_join(const struct tree *t, struct node *lower, struct node *higher)
{
    struct node *root, **at = &root, *half[2] = {lower, higher};
    for (; half[0] && half[1]; HT_PROBE()) {
        unsigned side = outranks(t, half[1], half[0]);
        *at = half[side];
        at = &half[side]->child[!side];
        half[side] = *at;
    }
    *at = half[0] ? half[0] : half[1];
    return root;
}

/* Its two subtrees become one in the place of the node. */
HT_COLD bool tree_erase(struct tree *t, struct ht_mem *mem, uint64_t key, bool keep)
{
    struct node **at = &t->root;
    for (; *at && (*at)->entry.key != key; at = &(*at)->child[side_of(*at, key)])
        HT_PROBE();
    struct node *gone = *at;
    if (!gone)
        return false;
    *at = tree_join(t, gone->child[0], gone->child[1]);
    tree_drop_node(t, mem, gone, keep);
    t->count--;
    return true;
}

/* Visits in the order of keys. */
static void tree_each(const struct node *n, ht_visit *visit, void *arg)
{
    for (; n; n = n->child[1]) {
        tree_each(n->child[0], visit, arg);
        visit(arg, n->entry.key, n->entry.value);
    }
}

/* The tree is no more. */
static void tree_free(struct tree *t, struct ht_mem *mem)
{
    struct node *n = t->root;
    while (n) { /* rotate left children up until there is none */
        struct node *left = n->child[0];
        if (left) {
            n->child[0] = left->child[1];
            left->child[1] = n;
            n = left;
            continue;
        }
        struct node *right = n->child[1];
        ht_free(mem, n, sizeof *n);
        n = right;
    }
    tree_free_spares(t, mem, SIZE_MAX);
}

/* NULL, or what is wrong below a node; counts what it visits. */
static const char *check_tree(const struct tree *t, const struct node *n, size_t *count)
{
    if (!n)
        return NULL;
    (*count)++;
    for (unsigned side = 0; side < 2; side++) {
        const struct node *child = n->child[side];
        if (child && side_of(n, child->entry.key) != side)
            return "the tree is out of order";
        if (child && tree_find(t, child->entry.key) != child)
            return "a node of the tree is not found where it lies";
        if (child && outranks(t, child, n))
            return "a node of the tree has a higher priority than its parent";
        const char *wrong = check_tree(t, child, count);
        if (wrong)
            return wrong;
    }
    return NULL;
}

#endif
