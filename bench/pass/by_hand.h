/* Loops over a trace as a table's own user would write them: the yardstick for what the
 * interface of ht.h adds to a peer.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_BY_HAND_H
#define EBB_BY_HAND_H

#include "ht.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes an empty map, takes the steps (gets, puts and dels alone), destroys it and returns
 * the checksum of define.h. */
typedef uint64_t by_hand(const struct ht_op *ops, size_t n, uint64_t seed);

struct by_hand_loop {
    const char *peer; /* its name in ht_tables */
    const char *with; /* "malloc", or "counting": the peers' allocator, which counts every block */
    by_hand *run;
};

/* Those whose packages are installed, ended by a NULL name. */
extern const struct by_hand_loop by_hand_loops[];

#ifdef __cplusplus
}
#endif
#endif
