/* lru: a cache of n entries in front of 4n keys, some far more popular than
 * others; what was not used for longest goes.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include "check.h"

#include <stdlib.h>

enum { KEYS_AN_ENTRY = 4, READS_AN_ENTRY = 2 };

/* A ring by order of use, through a head that is no key. Who is not in the
 * cache is a ring alone. */
struct link {
    uint64_t older, newer;
};

static void take_out(struct link *ring, uint64_t at)
{
    ring[ring[at].older].newer = ring[at].newer;
    ring[ring[at].newer].older = ring[at].older;
    ring[at] = (struct link){at, at};
}

static void make_newest(struct link *ring, uint64_t head, uint64_t at)
{
    take_out(ring, at);
    ring[at] = (struct link){.older = ring[head].older, .newer = head};
    ring[ring[at].older].newer = at;
    ring[head].older = at;
}

/* The product of two uniform numbers: a quarter of the keys get three reads in
 * five, and once full the cache hits more than two in five. */
static uint64_t popular(struct gen *g, uint64_t keys)
{
    return gen_random(g, 1 + gen_random(g, keys));
}

static void generate(struct gen *g)
{
    uint64_t keys = KEYS_AN_ENTRY * g->n;
    uint64_t head = keys;
    uint64_t live = 0;
    struct link *ring = calloc(keys + 1, sizeof *ring);
    CHECK(ring);
    for (uint64_t i = 0; i <= keys; i++)
        ring[i] = (struct link){i, i};
    for (uint64_t i = 0; i < READS_AN_ENTRY * g->n; i++) {
        uint64_t key = popular(g, keys);
        gen_get(g, key);
        if (ring[key].newer == key) {
            gen_put(g, key);
            live++;
        }
        make_newest(ring, head, key);
        if (live > g->n) {
            gen_del(g, ring[head].newer);
            take_out(ring, ring[head].newer);
            live--;
        }
    }
    free(ring);
}

const struct workload workload_lru = {
    .name = "lru",
    .summary = "a cache of n entries before 4n keys, 2n skewed reads; a miss puts its key and "
               "erases the least recently used",
    .hurts = "hurts tables that leave dead slots, in the reads as much as in the rebuilds; favours "
             "fast lookups, since most reads hit",
    .unasked = true,
    .generate = generate,
};
