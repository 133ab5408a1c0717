/* Giving pages other addresses; see pages.h.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* mremap */
#include "pages.h"

#include <sys/mman.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4 /* of Linux 5.7 */
#endif

bool ht_pages_move(void *to, void *from, size_t bytes)
{
    return mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to) !=
           MAP_FAILED;
}
