/* ebb many: lookups one at a time and many at once.
 *
 * Each table is filled with n random keys. Then the same keys, all of them there or none, are
 * looked up in the table's own loop and by get_many, in turn. What many at once gain is waiting
 * that overlaps: nothing while a table lies in the caches.
 *
 * Without --table one table stands for each engine, since strategies do not differ in a lookup.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "define.h"
#include "say.h"
#include "subject.h"
#include "verb.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

enum { LOOKUPS = 1 << 18, ROUNDS = 9 }; /* other keys each round, or they would be in the caches */

/* Keys of one call. */
static uint64_t at_once = HT_MANY_KEYS;

/* Keys that are looked up, and the times of each round, in ns a lookup. */
struct lookups {
    struct ht_op ops[LOOKUPS];
    uint64_t keys[LOOKUPS];
    double one[ROUNDS], many[ROUNDS];
};

/* The checksum of define.h. */
static uint64_t look_many(const struct subject *s, const struct lookups *l)
{
    uint64_t sum = 0, values[HT_MANY_KEYS];
    for (size_t i = 0; i < LOOKUPS; i += at_once) {
        unsigned n = (unsigned)(LOOKUPS - i < at_once ? LOOKUPS - i : at_once);
        uint32_t found = s->table->get_many(s->t, l->keys + i, values, n);
        for (unsigned k = 0; k < n; k++)
            sum = ht_fold(sum, found >> k & 1 ? 2 * values[k] + 1 : 0);
    }
    return sum;
}

/* Ordinals from `first` on, `count` of them, in random order; `round` tells which. */
static void draw(struct lookups *l, uint64_t first, uint64_t count, unsigned round)
{
    CHECK(count > 0);
    for (uint64_t i = 0; i < LOOKUPS; i++) {
        l->keys[i] = ht_mix(first + ht_mix(first + i + (uint64_t)round * LOOKUPS) % count);
        l->ops[i] = (struct ht_op){l->keys[i], HT_GET};
    }
}

/* Prints both medians; nothing for many at once where they are looked up one after another. */
static void time_lookups(struct subject *s, struct lookups *l, uint64_t first)
{
    bool own = s->table->traits & HT_MANY;
    for (unsigned round = 0; round < ROUNDS; round++) {
        draw(l, first, s->n, 2 * round);
        uint64_t begin = subject_cpu_ns(), answers = s->table->run(&s->set, l->ops, LOOKUPS, 0);
        l->one[round] = (double)(subject_cpu_ns() - begin) / LOOKUPS;
        CHECK(!own || look_many(s, l) == answers);
        draw(l, first, s->n, 2 * round + 1);
        begin = subject_cpu_ns();
        (void)(own ? look_many(s, l) : 0);
        l->many[round] = (double)(subject_cpu_ns() - begin) / LOOKUPS;
    }
    (void)printf("\t%.2f", subject_median(l->one, ROUNDS));
    if (own)
        (void)printf("\t%.2f", subject_median(l->many, ROUNDS));
    else
        (void)printf("\t-");
}

static void measure(const struct ht_table *table, uint64_t n)
{
    struct subject s = {.table = table, .n = n};
    struct lookups *l = malloc(sizeof *l);
    CHECK(l);
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024); /* glibc's own start, without its adapting */
    subject_start(&s);
    for (uint64_t i = 0; i < n; i++)
        CHECK(table->put(s.t, ht_mix(i), i) == HT_NEW);
    time_lookups(&s, l, 0);
    time_lookups(&s, l, UINT64_C(1) << 50); /* never stored */
    subject_end(&s);
    free(l);
}

/* Of an engine the plainest table, or the first; and every peer. */
static bool stands_for_engine(const struct ht_table *t)
{
    const struct ht_table *first = NULL;
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *other = ht_tables[i];
        if (other->absent || strcmp(other->engine, t->engine) != 0)
            continue;
        if (strcmp(other->strategy, "tombstone") == 0)
            return other == t;
        first = first ? first : other;
    }
    return first == t;
}

static bool is_told(const struct ht_table *t)
{
    return ht_is_peer(t) || stands_for_engine(t);
}

static int run(int argc, char **argv)
{
    struct args args;
    uint64_t n = 1000000;
    if (!args_parse(&args, argc, argv, "table n at-once", "") ||
        !args_number(&args, "n", 1, UINT64_C(1) << 32, &n) ||
        !args_number(&args, "at-once", 1, HT_MANY_KEYS, &at_once))
        return EBB_USAGE;
    if (args.count)
        return say("many: takes no argument, got '%s'", args.words[0]);
    const char *table = args_get(&args, "table");
    return subjects_measure(table, table ? NULL : is_told, n, "hit\thit_many\tmiss\tmiss_many",
                            measure);
}

const struct verb verb_many = {
    .name = "many",
    .arguments = "[--table GLOB] [--n N] [--at-once K]",
    .summary = "what a lookup costs one at a time, and with many keys at once",
    .help =
        "One line a table, separated by tabs: CPU time in ns, the median of nine rounds, of a\n"
        "lookup of a key that is there (hit) and of one that is not (miss), among n entries; and\n"
        "of K keys at once (_many; 32, which is the most, unless --at-once says fewer), or '-'\n"
        "for a table that has no such lookup. Without --table one table stands for each engine.\n",
    .run = run,
};
