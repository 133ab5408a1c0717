/* Levels as coverage; see levels.h.
 *
 * libFuzzer reads counters of a section of its own. AFL++ gives every guard it is
 * shown at start a place in its map: ours are shown as those of compiled code are.
 * Without a fuzzer nobody looks.
 *
 * SPDX-License-Identifier: MIT */
#include "levels.h"

#include <stdint.h>

enum { COUNT = LEVEL_TABLES * LEVEL_MEASURES * LEVELS };

static size_t number(size_t table, enum level_measure measure, size_t level)
{
    if (table >= LEVEL_TABLES)
        table = LEVEL_TABLES - 1;
    if (level >= LEVELS)
        level = LEVELS - 1;
    return (table * LEVEL_MEASURES + measure) * LEVELS + level;
}

#if defined(FUZZ_LIBFUZZER) && !defined(__AFL_COMPILER)

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNT];

void level_reach(size_t table, enum level_measure measure, size_t level)
{
    counters[number(table, measure, level)] = 1;
}

#elif defined(__AFL_COMPILER)

void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard);

static uint32_t guards[COUNT];

/* Before AFL++ fixes the size of its map, which it does at priority 5. */
__attribute__((constructor(3))) static void show_guards(void)
{
    __sanitizer_cov_trace_pc_guard_init(guards, guards + COUNT);
}

void level_reach(size_t table, enum level_measure measure, size_t level)
{
    __sanitizer_cov_trace_pc_guard(&guards[number(table, measure, level)]);
}

#else

void level_reach(size_t table, enum level_measure measure, size_t level)
{
    (void)number(table, measure, level);
}

#endif
