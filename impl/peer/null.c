/* null: a table that does nothing, so that its row shows the harness's own cost.
 *
 * It answers every get with a miss and is therefore not checked (HT_SILENT).
 * Package: none. Cost: the loop over the trace and the checksum.
 *
 * SPDX-License-Identifier: MIT */
#include "define.h"

#include <string.h>

struct ht {
    struct ht_mem *mem;
};

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    (void)config;
    struct ht *t = ht_alloc_handle(mem, sizeof *t);
    if (t)
        t->mem = mem;
    return t;
}

static void destroy(struct ht *t)
{
    ht_free_handle(t->mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    (void)t, (void)key, (void)value;
    return HT_NEW;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    (void)t, (void)key;
    *value = 0;
    return false;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    (void)t, (void)key;
    return false;
}

#define NOTHING(name)                                                                              \
    static void name(struct ht *t)                                                                 \
    {                                                                                              \
        (void)t;                                                                                   \
    }
#define DONE(name)                                                                                 \
    static bool name(struct ht *t)                                                                 \
    {                                                                                              \
        (void)t;                                                                                   \
        return true;                                                                               \
    }
NOTHING(clear)
NOTHING(hold)
NOTHING(resume)
DONE(compact)
DONE(copy)
DONE(rebuild_copy)

static bool reserve(struct ht *t, uint64_t entries)
{
    (void)t, (void)entries;
    return true;
}

static bool pop(struct ht *t, uint64_t *key, uint64_t *value)
{
    (void)t, (void)key, (void)value;
    return false;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    (void)t, (void)modulus;
    return 0;
}

static void tick(struct ht *t, uint64_t moments)
{
    (void)t, (void)moments;
}

static uint64_t scan(struct ht *t)
{
    (void)t;
    return 0;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    (void)t, (void)visit, (void)arg;
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    (void)t;
    memset(s, 0, sizeof *s);
}

static const char *check(const struct ht *t)
{
    (void)t;
    return NULL;
}

HT_IMPL(ht_table_peer_null, .name = "peer/null", .engine = "peer", .strategy = "null",
        .summary = "does nothing: the harness's own cost", .traits = HT_SILENT | HT_ORDERED);
