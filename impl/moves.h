/* Counting the entries that a table moves: ever, and the most by one step.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MOVES_H
#define EBB_MOVES_H

#include "mem.h"

struct moves {
    uint64_t all, most;
    uint64_t step, now; /* the step that moved last, and how many entries */
};

static inline void moves_add(struct moves *m, const struct ht_mem *mem, size_t entries)
{
    m->all += entries;
    if (m->step != mem->step) {
        m->step = mem->step;
        m->now = 0;
    }
    m->now += entries;
    if (m->now > m->most)
        m->most = m->now;
}

#endif
