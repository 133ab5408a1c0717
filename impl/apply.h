/* One step on one table, through its descriptor: for whoever checks as it goes.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_APPLY_H
#define EBB_APPLY_H

#include "ht.h"

struct applied {
    uint64_t result; /* as define.h encodes results */
    bool failed;     /* for want of memory */
};

/* Carries out any step but `use` and `drop`; a PUT stores `value`. */
struct applied ht_apply(const struct ht_table *, struct ht *, struct ht_op, uint64_t value);

#endif
