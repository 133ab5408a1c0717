/* Every state that a table can reach with a few keys is right, and the search finds
 * a planted bug by the shortest trace that shows it.
 *
 * Smallest sizes only.
 *
 * SPDX-License-Identifier: MIT */
#include "explore.h"
#include "hash.h"
#include "planted.h"
#include "test.h"
#include "trace.h"

/* Few enough for the sanitizers. A search that ends early has fewer states; so has one
 * in which keys share a hash, and states that differ in them count as one. */
enum { KEYS = 3, LEAST_STATES = 150, LEAST_ALIKE = 140 };

/* Homes of keys 0 to 2 in 8 slots of a linear table, and so at the end of 2 and 4:
 * 7 7 7 and 7 7 0. In a dict two of the keys meet with the first seed, none with the
 * other. Most seeds spread such keys over all slots, where little happens. */
enum { SEED_CROWDED = 192817, SEED_MIXED = 39351 };

static void print_trace(const struct explore_result *r)
{
    for (unsigned i = 0; i < r->length; i++) {
        const struct explore_step *s = &r->trace[i];
        (void)fprintf(stderr, "  %s", trace_kind_name(s->op.kind));
        if (trace_kind_takes(s->op.kind))
            (void)fprintf(stderr, " %llu", (unsigned long long)s->op.key);
        if (s->fail != HT_FAIL_NEVER)
            (void)fprintf(stderr, " # allocation %u fails%s", s->nth,
                          s->fail == HT_FAIL_ONCE ? "" : " for good");
        (void)fputc('\n', stderr);
    }
}

static const struct ht_table *planted_table(const char *name)
{
    for (size_t i = 0; planteds[i]; i++)
        if (strcmp(planteds[i]->table->strategy, name) == 0)
            return planteds[i]->table;
    return NULL;
}

static struct explore_options options_of(const struct ht_table *t)
{
    return (struct explore_options){.table = t,
                                    .config = {.seed = SEED_CROWDED, .profile = CPYTHON_DEFAULT},
                                    .keys = KEYS,
                                    .all = true};
}

static void close_states(const struct explore_options *options, uint64_t least)
{
    struct explore_result r;
    if (!explore(options, &r)) {
        (void)fprintf(stderr, "%s: %s, after\n", options->table->name, r.what);
        print_trace(&r);
        exit(1);
    }
    (void)printf("%-26s %8llu states, %9llu transitions, %8llu starved, depth %2u\n",
                 options->table->name, (unsigned long long)r.states,
                 (unsigned long long)r.transitions, (unsigned long long)r.starved, r.depth);
    CHECK(r.closed && r.states > least && r.starved > 0 && r.length == 0);
}

static void stop_at_limits(void)
{
    struct explore_options options = options_of(ht_find_table("linear/tombstone"));
    struct explore_result r;
    options.depth = 2;
    CHECK(explore(&options, &r) && !r.closed && r.depth == 2);
    options.depth = 0;
    options.states = 50;
    CHECK(explore(&options, &r) && !r.closed && r.states > 50);
}

/* Two keys, one behind the other, and an erase of the first. */
static void find_planted_bug(void)
{
    const struct ht_table *planted = planted_table("erase_frees");
    CHECK(planted);
    struct explore_options options = options_of(planted);
    struct explore_result r;
    CHECK(!explore(&options, &r) && !r.closed);
    (void)printf("planted: \"%s\" after %llu transitions, %u steps\n", r.what,
                 (unsigned long long)r.transitions, r.length);
    CHECK(strstr(r.what, "not found where it lies"));
    CHECK(r.length == 3 && r.trace[2].op.kind == HT_DEL);

    struct trace trace = {0};
    struct replay_options again = test_options(planted);
    again.config = options.config;
    struct replay_result replayed;
    for (unsigned i = 0; i < r.length; i++)
        trace_append(&trace, r.trace[i].op);
    CHECK(!replay_trace(&again, trace.ops, trace.n, &replayed));
    CHECK(replayed.failed_step == 2);
    trace_free(&trace);
}

int main(void)
{
    FOR_EACH_TABLE(t)
    {
        struct explore_options options = options_of(t);
        if (!t->image)
            continue;
        close_states(&options, LEAST_STATES);
        if (t->traits & HT_ORDERED)
            continue; /* ten times the states */
        options.config.seed = SEED_MIXED;
        close_states(&options, LEAST_STATES);
        for (unsigned hash = HT_HASH_GOOD + 1; hash < HT_HASH_PROFILES; hash++) {
            options.config.seed = ht_seed((enum ht_hash_profile)hash, 1);
            close_states(&options, LEAST_ALIKE);
        }
    }
    struct explore_options versions = options_of(ht_find_table("dict/cpython"));
    versions.keys = 2;
    for (unsigned i = 0; i < cpython_profile_count; i++) {
        versions.config.profile = i;
        close_states(&versions, LEAST_STATES);
    }
    stop_at_limits();
    find_planted_bug();
    return 0;
}
