/* A table of ebb in udb3 (attractivechaos/udb3): its test_int() over the interface of ht.h.
 *
 * README.md beside this file says how to build it. EBB_TABLE is the end of the table's symbol:
 * whole_segment, or ENGINE_STRATEGY as in group_tombstone.
 *
 * What cannot be equalised: the keys and values of ebb are 64-bit words where udb3's have 32
 * bits, so an entry takes 16 bytes instead of 8; the hash is ebb's; each operation is a call; and
 * there is no upsert, so that what others do with one lookup takes two.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_STAND_IN /* ebb's own test brings what it needs of it */
#include "common.c"
#endif

#include "ht.h"

#include <stdlib.h>

#ifndef EBB_TABLE
#define EBB_TABLE whole_segment
#endif
#define EBB_JOIN_(a, b) a##b
#define EBB_JOIN(a, b) EBB_JOIN_(a, b)
#define EBB_SYMBOL EBB_JOIN(ht_table_, EBB_TABLE)

extern const struct ht_table EBB_SYMBOL;

/* One more input of this key: how many there were. */
static uint64_t count_key(const struct ht_table *table, struct ht *t, uint64_t key)
{
    uint64_t seen = 0;
    (void)table->get(t, key, &seen);
    if (table->put(t, key, ++seen) == HT_NOMEM)
        abort();
    return seen;
}

/* Erases the key if it is there, or else puts it: how many were put. */
static uint64_t toggle_key(const struct ht_table *table, struct ht *t, uint64_t key, uint64_t value)
{
    if (table->del(t, key))
        return 0;
    if (table->put(t, key, value) == HT_NOMEM)
        abort();
    return 1;
}

static void test_table(const struct ht_table *table, uint32_t inputs, uint32_t first, bool toggles,
                       uint32_t seed, uint32_t points, udb_checkpoint_t *at)
{
    const struct ht_config config = {.seed = 0};
    struct ht_mem mem;
    struct ht_stats stats;
    ht_mem_init(&mem);
    struct ht *t = table->create(&mem, &config);
    if (!t)
        abort();
    uint64_t state = seed, sum = 0;
    uint32_t done = 0, until = first, each = (inputs - first) / (points - 1);
    for (uint32_t point = 0; point < points; point++, until += each) {
        for (; done < until; done++) {
            uint32_t key = udb_get_key(until, udb_splitmix64(&state));
            sum += toggles ? toggle_key(table, t, key, done) : count_key(table, t, key);
        }
        table->stats(t, &stats);
        udb_measure(until, (uint32_t)stats.live, sum, &at[point]);
    }
    table->destroy(t);
}

void test_int(uint32_t N, uint32_t n0, int32_t is_del, uint32_t x0, uint32_t n_cp,
              udb_checkpoint_t *cp)
{
    test_table(&EBB_SYMBOL, N, n0, is_del, x0, n_cp, cp);
}
