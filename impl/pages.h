/* Giving pages other addresses: the one call that needs the C library's GNU extensions.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PAGES_H
#define EBB_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* The pages of `bytes` bytes from one address on, in whole pages of the system, now lie at
 * another, in place of what was mapped there. Where they were stays mapped, without memory: else
 * another thread's mapping could come to lie there and be taken for ours. False: the system
 * refused (before Linux 5.7; before 6.17 also what had been moved once and got longer), nothing has
 * moved, and nothing may be mapped at the other address any more. No page is copied or touched;
 * where both addresses are multiples of 2 MB the system moves that much at once. */
bool ht_pages_move(void *to, void *from, size_t bytes);

#endif
