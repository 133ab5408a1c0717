/* The reference model; see model.h.
 *
 * SPDX-License-Identifier: MIT */
#include "model.h"

#include "check.h"
#include "define.h"

#include <stdlib.h>
#include <string.h>

struct node {
    uint64_t key, value;
    struct node *chain;         /* next in the bucket */
    struct node *older, *newer; /* insertion order */
};

/* Nodes come from a chunk at a time, and go back to a list: under a sanitizer, which makes
 * every allocation dear, what the model costs is not what the tables cost. */
enum { CHUNK_NODES = 32, BUCKETS_AT_FIRST = 64 };

struct chunk {
    struct chunk *next;
    struct node nodes[CHUNK_NODES];
};

struct reference {
    struct node **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t live;
    struct node *oldest, *newest;
};

struct model {
    struct reference *all;
    size_t room, current;
    size_t live;
    struct chunk *chunks;
    size_t given;      /* nodes of the first chunk that are or were in use */
    struct node *idle; /* by `chain` */
};

static void *must(void *p)
{
    CHECK(p);
    return p;
}

struct model *model_create(void)
{
    struct model *m = must(calloc(1, sizeof *m));
    m->all = must(calloc(1, sizeof *m->all));
    m->room = 1;
    return m;
}

static struct node *take_node(struct model *m)
{
    struct node *n = m->idle;
    if (n) {
        m->idle = n->chain;
        return n;
    }
    if (!m->chunks || m->given == CHUNK_NODES) {
        struct chunk *chunk = must(malloc(sizeof *chunk));
        chunk->next = m->chunks;
        m->chunks = chunk;
        m->given = 0;
    }
    return &m->chunks->nodes[m->given++];
}

static void give_node(struct model *m, struct node *n)
{
    n->chain = m->idle;
    m->idle = n;
}

static void clear(struct model *m, struct reference *r)
{
    for (struct node *n = r->oldest; n; n = n->newer)
        give_node(m, n);
    free(r->buckets);
    memset(r, 0, sizeof *r);
}

void model_destroy(struct model *m)
{
    for (size_t i = 0; i < m->room; i++)
        free(m->all[i].buckets);
    for (struct chunk *c = m->chunks; c;) {
        struct chunk *next = c->next;
        free(c);
        c = next;
    }
    free(m->all);
    free(m);
}

static struct node **bucket_of(const struct reference *r, uint64_t key)
{
    return &r->buckets[ht_mix(key) & (r->bucket_count - 1)];
}

static struct node *find(const struct reference *r, uint64_t key)
{
    if (r->bucket_count == 0)
        return NULL;
    struct node *n = *bucket_of(r, key);
    while (n && n->key != key)
        n = n->chain;
    return n;
}

static void chain_all_anew(struct reference *r, size_t bucket_count)
{
    free(r->buckets);
    r->buckets = must(calloc(bucket_count, sizeof(struct node *)));
    r->bucket_count = bucket_count;
    for (struct node *n = r->oldest; n; n = n->newer) {
        struct node **bucket = bucket_of(r, n->key);
        n->chain = *bucket;
        *bucket = n;
    }
}

static void insert(struct model *m, struct reference *r, uint64_t key, uint64_t value)
{
    if (r->live >= r->bucket_count)
        chain_all_anew(r, r->bucket_count ? 2 * r->bucket_count : BUCKETS_AT_FIRST);
    struct node **bucket = bucket_of(r, key);
    struct node *n = take_node(m);
    *n = (struct node){.key = key, .value = value, .chain = *bucket, .older = r->newest};
    *bucket = n;
    if (r->newest)
        r->newest->newer = n;
    else
        r->oldest = n;
    r->newest = n;
    r->live++;
}

static void erase(struct model *m, struct reference *r, struct node *n)
{
    struct node **link = bucket_of(r, n->key);
    while (*link != n)
        link = &(*link)->chain;
    *link = n->chain;
    if (n->older)
        n->older->newer = n->newer;
    else
        r->oldest = n->newer;
    if (n->newer)
        n->newer->older = n->older;
    else
        r->newest = n->older;
    r->live--;
    give_node(m, n);
}

static uint64_t retain(struct model *m, struct reference *r, uint64_t modulus)
{
    uint64_t sum = 0;
    for (struct node *n = r->oldest; n;) {
        struct node *newer = n->newer;
        if (ht_retain_deletes(n->key, modulus))
            erase(m, r, n);
        else
            sum += ht_entry_sum(n->key, n->value);
        n = newer;
    }
    return sum;
}

static void use(struct model *m, uint64_t number)
{
    CHECK(number < HT_TABLES_MAX);
    if (number >= m->room) {
        size_t room = m->room;
        while (room <= number)
            room *= 2;
        m->all = must(realloc(m->all, room * sizeof *m->all));
        memset(m->all + m->room, 0, (room - m->room) * sizeof *m->all);
        m->room = room;
    }
    m->current = (size_t)number;
}

static uint64_t apply(struct model *m, struct ht_op op, uint64_t step)
{
    struct reference *r = &m->all[m->current];
    struct node *n;
    uint64_t sum = 0;
    switch (op.kind) {
    case HT_GET:
        n = find(r, op.key);
        return n ? 2 * n->value + 1 : 0;
    case HT_PUT:
        n = find(r, op.key);
        if (n)
            n->value = step;
        else
            insert(m, r, op.key, step);
        return n ? 2 : 1;
    case HT_DEL:
        n = find(r, op.key);
        if (n)
            erase(m, r, n);
        return n != NULL;
    case HT_POP:
        n = r->newest;
        if (!n)
            return 0;
        sum = ht_entry_sum(n->key, n->value);
        erase(m, r, n);
        return sum;
    case HT_RETAIN:
        return retain(m, r, op.key);
    case HT_SCAN:
        for (n = r->oldest; n; n = n->newer)
            sum += ht_entry_sum(n->key, n->value);
        return sum;
    case HT_CLEAR:
    case HT_DROP:
        clear(m, r);
        return 0;
    case HT_USE:
        use(m, op.key);
        return 0;
    case HT_COMPACT:
    case HT_COPY:
    case HT_REBUILD_COPY:
    case HT_RESERVE:
    case HT_TICK:
    case HT_HOLD:
    case HT_RESUME:
        return 0;
    case HT_KINDS:
        break;
    }
    ht_check_failed("a step of this kind", __FILE__, __LINE__);
}

uint64_t model_apply(struct model *m, struct ht_op op, uint64_t step)
{
    size_t number = m->current, before = m->all[number].live;
    uint64_t result = apply(m, op, step);
    m->live = m->live - before + m->all[number].live;
    return result;
}

void model_expect(const struct model *m, struct ht_op op)
{
    const struct reference *r = &m->all[m->current];
    if (op.kind > HT_DEL || r->bucket_count == 0)
        return;
    const struct node *n = *bucket_of(r, op.key); /* waits for the bucket, not for the node */
    __builtin_prefetch(n);
}

size_t model_live(const struct model *m)
{
    return m->all[m->current].live;
}

size_t model_live_all(const struct model *m)
{
    return m->live;
}

bool model_get(const struct model *m, uint64_t key, uint64_t *value)
{
    const struct node *n = find(&m->all[m->current], key);
    if (n)
        *value = n->value;
    return n != NULL;
}

void model_each(const struct model *m, ht_visit *visit, void *arg)
{
    for (const struct node *n = m->all[m->current].oldest; n; n = n->newer)
        visit(arg, n->key, n->value);
}
