/* incremental: shrink, but a rebuild takes many steps, each of a few entries.
 *
 * Invariant: a move is over before another can be wanted. It lands where a rebuild of
 * shrink does, with 1/8 of usable free, and 7 entries a step are all 7/8 after 1/8 puts. As
 * many dels leave 6/7 of what there was: more than 12/32 of usable where it lands in as
 * many slots (which is above 14/32), more than 13/32 where it lands in twice as many. Below
 * 11/32 the next begins.
 * Cost: memory of both storages during a move. A new one is cleared at once, though only
 * control bytes, and an old one given back at once: no entries move, but it is not O(1).
 * Origin: Redis' dict (two tables, a bucket an operation) and Valkey's (a shrink that turns
 * round). Redis tests the size with each erase and lands at load 1.0, so that the
 * next insertion wants to grow while the shrinking still goes on.
 *
 * SPDX-License-Identifier: MIT */
#include "policy.h"

#define STRATEGY_NEEDS 0u
#define STRATEGY_BARS HT_ORDERED
#define STRATEGY_NEEDS_WHY                                                                         \
    "keeps no order of insertion: a move that turns round brings old entries behind newer ones"

/* The most that a step moves, and slots that it looks at for them. With 256 no spread of the
 * entries makes a move last longer than LAG says: by its end at most so many 32nds of them
 * are gone. In the hard build a move of six entries takes several steps; what follows from
 * that for the other figures follows as above. */
#ifdef HT_HARD
#define STRATEGY_STEP_MOVES 2
#define STRATEGY_STEP_SLOTS 62 /* no multiple of a group: a look ends inside one */
#define SHRINKS_OTHERWISE
enum { LOW_NUM = 4, LOW_DEN = 32, LAG = 28 };

static size_t land(size_t n)
{
    return slots_at(n + (n + STRATEGY_STEP_MOVES - 1) / STRATEGY_STEP_MOVES, 32);
}
#else
#define STRATEGY_STEP_MOVES 7
#define STRATEGY_STEP_SLOTS 256
enum { LAG = 7 };
#endif

#include "shrinking.h"

/* When the load has gone the other way by 1/64 (1/32, since there it is dels that make room)
 * of usable, and what has moved is the lesser part. */
static bool turn_back(struct view from, struct view to, size_t began)
{
    size_t live = from.live + to.live;
    if (to.live >= from.live)
        return false;
    if (to.slots < from.slots)
        return live > began + from.usable / 64;
    return to.slots > from.slots && live + from.usable / 32 <= began;
}

static const char strategy_summary[] = "as shrink, but a rebuild moves a few entries a step";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_FACTOR,
                .num = LOW_NUM,
                .den = LOW_DEN,
                .step_moves = STRATEGY_STEP_MOVES,
                .lag = LAG,
                .words = "bytes of a factor of live for each of two storages, and no step "
                         "moves more than a few entries"},
    .make_room = shrink_make_room,
    .after_del = shrink_after_del,
    .on_clear = back_to_floor,
    .on_compact = shrink_on_request,
    .on_copy = shrink_on_request,
    .turns = turn_back,
};
