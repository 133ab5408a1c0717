/* The twin of linear/tombstone: the same source under a second symbol and at other addresses.
 * What the two differ by in time is the place of their code.
 *
 * SPDX-License-Identifier: MIT */
#include "engine/linear.h"

#include "strategy/tombstone.h"

#include "table.h"

/* Not a multiple of a cache line: loops begin elsewhere in their lines than in the original. */
__asm__(".text\n.skip 1000\n");

extern const struct ht_table ht_twin_linear;
HT_TABLE_AS(ht_twin_linear, "linear", "tombstone");
