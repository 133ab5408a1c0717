/* What a table holds: a key with its value.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_ENTRY_H
#define EBB_ENTRY_H

#include <stdint.h>

struct entry {
    uint64_t key, value;
};

#endif
