/* Buckets without SIMD give the same answers, the same counts and the same bytes.
 *
 * SPDX-License-Identifier: MIT */
#define BUCKET_PORTABLE

#include "segment/operations.h"

#include "apply.h"
#include "test.h"

extern const struct ht_table ht_table_portable;
SEGMENT_TABLE(ht_table_portable, "segment", "portable");

enum { SEEDS = 300, STEPS = 600, IMAGE_ROOM = 1 << 16 };

/* Slot by slot, as nobody could get it wrong. */
static unsigned match_plainly(const uint8_t *b, uint8_t tag)
{
    unsigned set = 0;
    for (unsigned i = 0; i < BUCKET_SLOTS; i++)
        set |= (unsigned)(b[i] == tag) << i;
    return set;
}

static void compare_both(const uint8_t *a, const uint8_t *b, uint8_t tag)
{
    unsigned first = match_plainly(a, 0), second = match_plainly(b, 0);
    struct both_free free = both_free(a, b);
    CHECK(both_match(a, b, tag) == (match_plainly(a, tag) | match_plainly(b, tag) << 8));
    CHECK(free.slots == (first | second << 8));
    CHECK((free.first == 0) == (first == 0) && (free.second == 0) == (second == 0));
    CHECK((free.first > free.second) == (__builtin_popcount(first) > __builtin_popcount(second)));
}

/* Tags next to each other in value, since a carry or a borrow would show there. */
static void compare_buckets(void)
{
    uint8_t before[BUCKET_SLOTS] = {0};
    for (uint64_t seed = 0; seed < 400000; seed++) {
        uint8_t b[BUCKET_SLOTS], tag = (uint8_t)ht_mix(seed);
        for (unsigned i = 0; i < BUCKET_SLOTS; i++)
            b[i] = (uint8_t)(tag + ht_mix(seed * 8 + i) % 5 - 2);
        for (uint8_t d = 0; d < 5; d++) {
            uint8_t looked_for = (uint8_t)(tag + d - 2);
            CHECK(bucket_match(b, looked_for) == match_plainly(b, looked_for));
            compare_both(before, b, looked_for);
        }
        CHECK(bucket_match(b, 0) == match_plainly(b, 0));
        for (unsigned i = 0; i < BUCKET_SLOTS; i++) /* some of them free */
            b[i] = ht_mix(seed * 8 + i) >> 20 & 1 ? b[i] : 0;
        compare_both(b, before, tag);
        memcpy(before, b, sizeof before);
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
    const struct ht_table *const tables[2] = {&ht_table_portable, ht_find_table("segment/follow")};
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
    compare_buckets();
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        compare_tables(seed);
    return 0;
}
