/* Tables corrupted on purpose: each return of check() is taken once.
 *
 * A test includes an engine, a strategy and table.h, or a table that is both, and this
 * file. A right table never takes these returns, so no trace can.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CORRUPT_H
#define EBB_CORRUPT_H

#include "cpython_profile.h"

#include <string.h>

static struct ht_mem corrupt_mem;
static uint64_t corrupt_seed = 1; /* of the hash */

/* A table of the keys 1 to n. */
static struct ht *table_of(uint64_t n)
{
    const struct ht_config config = {.seed = corrupt_seed, .profile = CPYTHON_DEFAULT};
    struct ht *t = create(&corrupt_mem, &config);
    CHECK(t);
    for (uint64_t key = 1; key <= n; key++)
        CHECK(put(t, key, key) == HT_NEW);
    CHECK(!check(t));
    return t;
}

#ifdef ENGINE_TRAITS /* what is no engine has no such places */
static struct place place_of(const struct ht *t, uint64_t key)
{
    struct place place = core_locate(&t->core, key, ht_hash(key, t->config.seed));
    CHECK(place.found);
    return place;
}
#endif

static void expect(const struct ht *t, const char *sentence)
{
    const char *said = check(t);
    if (said && strcmp(said, sentence) == 0)
        return;
    (void)fprintf(stderr, "check() says \"%s\" instead of \"%s\"\n", said ? said : "nothing",
                  sentence);
    exit(1);
}

/* Everything is given back, so the corruption was taken away before. */
static void expect_good(struct ht *t)
{
    CHECK(!check(t));
    destroy(t);
    CHECK(corrupt_mem.live == 0 && corrupt_mem.handles == 0);
}

#endif
