/* What a table of a few small keys must answer: so plain that it is right.
 *
 * The model (model.h) serves traces of any size; this one is copied for every
 * step that the explorer tries.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_REFERENCE_H
#define EBB_REFERENCE_H

#include "ht.h"

enum { REFERENCE_KEYS = 16 }; /* keys 0 to 15 */

struct reference {
    unsigned live;
    unsigned char order[REFERENCE_KEYS]; /* the live keys, the oldest first */
    bool there[REFERENCE_KEYS];
    uint64_t value[REFERENCE_KEYS];
    bool holding;
};

/* Carries out any step but `use` and `drop`; a PUT stores `value`. Returns the
 * result, encoded as in define.h; 0 for a get. */
uint64_t reference_apply(struct reference *, struct ht_op, uint64_t value);

#endif
