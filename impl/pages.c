/* Giving pages other addresses; see pages.h.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* mremap */
#include "pages.h"

#include <sys/mman.h>

bool ht_pages_move(void *to, void *from, size_t bytes)
{
    return mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED;
}
