/* Is a promise of work on average kept by every path through a graph of states,
 * however long?
 *
 * Each step from one state to another has a cost: the entries it moved, less the
 * entries that the promise lets it move. A path has overdrawn the sum of its
 * costs. If no path from the start overdraws more than a limit, the promise holds
 * for every trace, finite or not; a cycle of positive cost would break it.
 *
 * Cost: 12 bytes an edge; longest paths by repeated relaxation (Bellman and Ford),
 * over the edges only as often as some state's worst still changes.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CREDIT_H
#define EBB_CREDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct credit;

struct credit_edge {
    uint32_t from, to; /* states are numbered; 0 is the start */
    int16_t cost;
    uint16_t label; /* the caller's */
};

struct credit *credit_create(void);
void credit_destroy(struct credit *);

/* Edges are added in the order of their `from`. Aborts without memory of its own. */
void credit_add(struct credit *, struct credit_edge);

struct credit_path {
    int64_t worst;                       /* the most that a path overdraws */
    const struct credit_edge *edges[64]; /* if that is above the limit: the path's last
                                          * edges, the newest first, ... */
    unsigned length;                     /* ... and how many */
};

/* `states` is their number. False if some path overdraws more than `limit`. */
bool credit_holds(struct credit *, uint32_t states, int64_t limit, struct credit_path *);

#endif
