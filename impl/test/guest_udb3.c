/* The adapter for udb3 (bench/guest/udb3_ebb.c) does what that benchmark's other tests do:
 * the same numbers of entries and the same sums, on every table of ours.
 *
 * The calling convention stands here in our own words, with keys of its own.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

typedef struct {
    uint32_t inputs, entries;
    uint64_t sum;
} udb_checkpoint_t;

static uint64_t udb_splitmix64(uint64_t *state)
{
    return ht_mix((*state)++);
}

static uint32_t udb_get_key(uint32_t inputs, uint64_t random)
{
    return (uint32_t)(random % (inputs / 4)) * 0x9e3779b1u;
}

static void udb_measure(uint32_t inputs, uint32_t entries, uint64_t sum, udb_checkpoint_t *at)
{
    *at = (udb_checkpoint_t){inputs, entries, sum};
}

void test_int(uint32_t N, uint32_t n0, int32_t is_del, uint32_t x0, uint32_t n_cp,
              udb_checkpoint_t *cp);

#define EBB_STAND_IN
/* A unit of its own where it is used. NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "../../bench/guest/udb3_ebb.c"

enum { FIRST = 2000, INPUTS = 8000, POINTS = 4, SEED = 7 };

/* The same with an array: a key's number is what udb_get_key multiplied. */
static void expect(bool toggles, udb_checkpoint_t *at)
{
    static uint32_t seen[INPUTS];
    uint64_t state = SEED, sum = 0;
    uint32_t done = 0, entries = 0;
    memset(seen, 0, sizeof seen);
    for (uint32_t point = 0; point < POINTS; point++) {
        uint32_t until = FIRST + point * ((INPUTS - FIRST) / (POINTS - 1));
        for (; done < until; done++) {
            uint32_t *s = &seen[ht_mix(state++) % (until / 4)];
            if (toggles) {
                *s = !*s;
                entries += *s ? 1u : UINT32_MAX;
                sum += *s;
            } else {
                entries += !*s;
                sum += ++*s;
            }
        }
        at[point] = (udb_checkpoint_t){until, entries, sum};
    }
}

static void compare(const char *name, const udb_checkpoint_t *found, const udb_checkpoint_t *wanted)
{
    for (int i = 0; i < POINTS; i++)
        if (found[i].inputs != wanted[i].inputs || found[i].entries != wanted[i].entries ||
            found[i].sum != wanted[i].sum) {
            (void)fprintf(stderr, "%s: checkpoint %d: %u entries, sum %llu; wanted %u, %llu\n",
                          name, i, found[i].entries, (unsigned long long)found[i].sum,
                          wanted[i].entries, (unsigned long long)wanted[i].sum);
            exit(1);
        }
}

int main(void)
{
    for (int toggles = 0; toggles < 2; toggles++) {
        udb_checkpoint_t found[POINTS], wanted[POINTS];
        expect(toggles, wanted);
        test_int(INPUTS, FIRST, toggles, SEED, POINTS, found);
        compare("test_int", found, wanted);
        FOR_EACH_TABLE(t)
        {
            if (ht_is_peer(t))
                continue;
            test_table(t, INPUTS, FIRST, toggles, SEED, POINTS, found);
            compare(t->name, found, wanted);
        }
    }
    return 0;
}
