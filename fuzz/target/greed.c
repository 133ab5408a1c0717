/* greed: as differential, but the fuzzer climbs: toward the most bytes for each live
 * entry, the largest share of the promised bytes at each size, the most work by one
 * step that a strategy allows, and the most by many on average.
 *
 * SPDX-License-Identifier: MIT */
#include "climb.h"
#include "levels.h"
#include "target.h"

/* The logarithm to base 2, in steps of 1/4, so that a level is at most 1/4 above the last. */
static size_t quarter_log(size_t n)
{
    if (n < 4)
        return n;
    unsigned top = 63 - (unsigned)__builtin_clzll(n);
    return (size_t)4 * (top - 1) + (n >> (top - 2) & 3);
}

static void note(void *arg, const struct climb_step *s)
{
    size_t table = *(const size_t *)arg;
    level_reach(table, LEVEL_RETAINED, quarter_log(climb_retained(s)));
    if (!s->asked)
        level_reach(table, LEVEL_MOVED, s->moved);
    level_reach(table, LEVEL_PROBED, quarter_log(s->probed));
    level_reach(table, LEVEL_RISEN, (size_t)s->risen / 4);
    if (s->asked || s->bound == 0 || s->bound == SIZE_MAX)
        return;
    size_t size = quarter_log(s->slots) / 4, share = 8 * s->held / s->bound;
    level_reach(table, LEVEL_PROMISED, 8 * size + (share < 8 ? share : 7));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    if (input_read(&in, INPUT_PLAIN, data, size)) {
        size_t table = 0;
        while (input_table(table) != in.options.table)
            table++;
        climb(&in, note, &table);
    }
    input_free(&in);
    return 0;
}
