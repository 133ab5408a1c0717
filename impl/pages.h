/* Giving pages other addresses, by the one call that needs the C library's GNU extensions.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PAGES_H
#define EBB_PAGES_H

#include <stddef.h>

/* What lies in `bytes` bytes from one address on, in whole pages of the system, now lies at another,
 * mapped and without memory so far. Where it was stays mapped, without memory: else another thread's
 * mapping could come to lie there and be taken for ours. No page is copied or touched; where both
 * addresses are multiples of 2 MB the system moves that much at once.
 *
 * Where the system cannot (before Linux 5.7; before 6.17 also what had been moved once and got
 * longer), by ht_pages_copy. */
void ht_pages_move(void *to, void *from, size_t bytes);

/* The same by copying: 64 kB at a time, which then go back, so that no more is held besides. */
void ht_pages_copy(void *to, void *from, size_t bytes);

#endif
