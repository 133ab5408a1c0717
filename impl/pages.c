/* Giving pages other addresses; see pages.h.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* mremap */
#include "pages.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4 /* of Linux 5.7 */
#endif

void ht_pages_copy(void *to, void *from, size_t bytes)
{
    enum { PIECE = 1 << 16 };
    for (size_t at = 0; at < bytes; at += PIECE) {
        size_t piece = bytes - at < PIECE ? bytes - at : PIECE;
        memcpy((char *)to + at, (char *)from + at, piece);
        (void)madvise((char *)from + at, piece, MADV_DONTNEED);
    }
}

void ht_pages_move(void *to, void *from, size_t bytes)
{
    if (mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to) !=
        MAP_FAILED)
        return;
    if (errno != EINVAL) /* it knows the call, and has made place for what it then refused */
        (void)mmap(to, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    ht_pages_copy(to, from, bytes);
}
