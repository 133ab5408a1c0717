/* Groups without SIMD give the same answers, the same counts and the same bytes.
 *
 * SPDX-License-Identifier: MIT */
#define GROUP_PORTABLE

#include "engine/group.h"

#include "strategy/shrink.h"

#include "table.h"

#include "apply.h"
#include "test.h"

extern const struct ht_table ht_table_portable;
HT_TABLE_AS(ht_table_portable, "group", "portable");

enum { SEEDS = 300, STEPS = 600, IMAGE_ROOM = 1 << 16 };

/* Byte by byte, as nobody could get it wrong. */
static unsigned bytes_equal_plainly(const struct group *g, unsigned char tag)
{
    unsigned char bytes[sizeof *g];
    unsigned equal = 0;
    memcpy(bytes, g, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++)
        equal |= (unsigned)(bytes[i] == tag) << i;
    return equal;
}

/* Bytes next to each other in value, since a carry or a borrow would show there. */
static void compare_groups(void)
{
    for (uint64_t seed = 0; seed < 20000; seed++) {
        struct group g;
        unsigned char bytes[sizeof g] = {0};
        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)((seed >> 8) + ht_mix(seed * 16 + i) % 3 - 1);
        memcpy(&g, bytes, sizeof g);
        for (unsigned tag = 0; tag < 256; tag++)
            CHECK(bytes_equal(&g, (unsigned char)tag) ==
                  bytes_equal_plainly(&g, (unsigned char)tag));
    }
}

static void compare_states(const struct ht_table *const tables[2], struct ht *const t[2])
{
    static unsigned char images[2][IMAGE_ROOM];
    struct ht_stats stats[2];
    size_t length[2];
    for (int i = 0; i < 2; i++) {
        tables[i]->stats(t[i], &stats[i]);
        length[i] = tables[i]->image(t[i], images[i], IMAGE_ROOM);
    }
    CHECK(length[0] == length[1] && length[0] <= IMAGE_ROOM);
    CHECK(memcmp(images[0], images[1], length[0]) == 0);
    CHECK(stats[0].moved == stats[1].moved && stats[0].visited == stats[1].visited);
}

static void compare_tables(uint64_t seed)
{
    const struct ht_table *const tables[2] = {&ht_table_portable, ht_find_table("group/shrink")};
    struct ht_config config = {.seed = seed};
    struct ht_mem mem[2];
    struct ht *t[2];
    struct trace trace = test_random_trace(seed, STEPS, seed % 2 ? 250 : 40, false);
    for (int i = 0; i < 2; i++) {
        ht_mem_init(&mem[i]);
        t[i] = tables[i]->create(&mem[i], &config);
        CHECK(t[i]);
    }
    for (size_t s = 0; s < trace.n; s++) {
        struct applied did[2];
        for (int i = 0; i < 2; i++)
            did[i] = ht_apply(tables[i], t[i], trace.ops[s], s);
        CHECK(did[0].result == did[1].result && mem[0].live == mem[1].live);
        compare_states(tables, t);
    }
    for (int i = 0; i < 2; i++)
        tables[i]->destroy(t[i]);
    trace_free(&trace);
}

int main(void)
{
    compare_groups();
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        compare_tables(seed);
    return 0;
}
