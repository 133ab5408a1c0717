/* What segment/follow is for, in figures: bytes that follow the entries at every moment,
 * both ways, no step that moves more than a bound, and no entry in the tree for long.
 *
 * Normal sizes only. With a number of entries as an argument it grows to so many and purges
 * them, and nothing else.
 *
 * SPDX-License-Identifier: MIT */
#include "segment/operations.h"
#include "test.h"

extern const struct ht_table ht_table_goals;
SEGMENT_TABLE(ht_table_goals, "segment", "goals");

/* Bytes an entry while growing and right after deleting 99 %, and how much more than at
 * its end a table ever held on its way there: small ones twice as much, when a block becomes a
 * mapping. */
#define MOST_GROWING 22.0
#define MOST_PURGED 28.0
#define MOST_PEAK 1.05
#define MOST_PEAK_SMALL 2.0

/* Entries in the tree of a large table where hashes spread: every key that is not there is looked
 * for in it. */
#define MOST_HOMELESS 1

enum { LEAST = 1000, MOST = 1000000 };

struct subject {
    struct ht_mem mem;
    struct ht *ht;
};

static void start(struct subject *s)
{
    struct ht_config config = {.seed = 1};
    ht_mem_init(&s->mem);
    s->ht = create(&s->mem, &config);
    CHECK(s->ht);
}

static void end(struct subject *s)
{
    destroy(s->ht);
    CHECK(s->mem.live == 0 && s->mem.handles == 0);
}

static double bytes_each(const struct subject *s)
{
    return (double)s->mem.live / (double)s->ht->core.live;
}

static void check_growing(const struct subject *s, uint64_t n)
{
    if (n < LEAST)
        return;
    if (bytes_each(s) > MOST_GROWING) {
        (void)fprintf(stderr, "%llu entries: %.2f bytes each\n", (unsigned long long)n,
                      bytes_each(s));
        exit(1);
    }
    CHECK(n / 4 < MANY_ENTRIES || s->ht->core.tree.count <= MOST_HOMELESS);
    double most_peak = n < UINT64_C(10) * LEAST ? MOST_PEAK_SMALL : MOST_PEAK;
    CHECK((double)s->mem.peak <= most_peak * (double)s->mem.live);
}

static void purge(uint64_t n)
{
    struct subject s;
    start(&s);
    for (uint64_t i = 0; i < n; i++) {
        s.mem.step = i;
        CHECK(put(s.ht, ht_mix(i), i) == HT_NEW);
        check_growing(&s, i + 1);
    }
    (void)printf("%8llu entries: %.2f bytes each", (unsigned long long)n, bytes_each(&s));
    for (uint64_t i = n / 100; i < n; i++) {
        s.mem.step = n + i;
        CHECK(del(s.ht, ht_mix(i)));
        if (s.ht->core.live >= 100)
            CHECK(bytes_each(&s) <= MOST_PURGED);
    }
    (void)printf(", of 1 %% left: %.2f", bytes_each(&s));
    CHECK(s.ht->moves.most <= MOVES_MOST);
    (void)printf("; %.1f moves a step, %llu at most\n", (double)s.ht->moves.all / (double)(2 * n),
                 (unsigned long long)s.ht->moves.most);
    CHECK(check(s.ht) == NULL);
    end(&s);
}

/* Where nothing grows or shrinks, hardly anything is rebuilt, and bytes stay. */
static void churn(uint64_t n)
{
    struct subject s;
    start(&s);
    for (uint64_t i = 0; i < n; i++)
        CHECK(put(s.ht, ht_mix(i), i) == HT_NEW);
    uint64_t before = s.ht->moves.all;
    for (uint64_t i = 0; i < 10 * n; i++) {
        CHECK(put(s.ht, ht_mix(n + i), i) == HT_NEW);
        CHECK(del(s.ht, ht_mix(i)));
    }
    (void)printf("%8llu entries, turned over 10 times: %.2f moves a step, %.2f bytes each\n",
                 (unsigned long long)n, (double)(s.ht->moves.all - before) / (double)(20 * n),
                 bytes_each(&s));
    CHECK(s.ht->moves.all - before <= 20 * n / 2);
    CHECK(bytes_each(&s) <= MOST_PURGED);
    end(&s);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        purge(strtoull(argv[1], NULL, 10));
        return 0;
    }
    for (uint64_t n = UINT64_C(10) * LEAST; n <= MOST / 4; n = n * 5)
        purge(n);
    purge(MOST);
    churn(1000);
    churn(20000);
    return 0;
}
