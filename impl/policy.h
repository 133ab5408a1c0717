/* The policy half of a table: pure decisions, as a constant struct.
 *
 * An engine (impl/engine/NAME.h) is mechanism; a strategy
 * (impl/strategy/NAME.h) maps what the engine shows of itself, a view, to a
 * target; table.h carries the target out. A hook is called on change of size
 * only, never on lookup, and folds away at compile time, since the struct is a
 * constant of the translation unit.
 *
 * A strategy header is included after its engine's, so it may use the engine's
 * geometry: core_round(slots), core_usable(slots), and from this file
 * fit(n) and tight(n).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_POLICY_H
#define EBB_POLICY_H

#include "define.h"
#include "promise.h"

/* Targets: a number of slots, or one of these. */
#define HT_RELEASE ((size_t)0)  /* hold nothing: point at the static empty table */
#define HT_KEEP (SIZE_MAX)      /* leave the slots as they are (for a clear: wipe them) */
#define HT_CLONE (SIZE_MAX - 1) /* for a copy: byte for byte, dead slots included */

struct view {
    size_t live;      /* entries */
    size_t dead;      /* slots that cannot simply be reused */
    size_t slots;     /* 0: the static empty table */
    size_t usable;    /* entries the slots may hold */
    size_t reserved;  /* the floor, in entries */
    size_t extent;    /* ordered engines: length of the log, holes included */
    unsigned profile; /* index into cpython_profiles */
};

typedef size_t decision(struct view);

/* While entries move: should they turn round and go back? `began`: how many entries there
 * were when the move began. */
typedef bool turning(struct view from, struct view to, size_t began);

/* What is not said to be NULL must be there; a target holds the live entries, that of make_room one
 * more (table.h and requests.h end the program otherwise, before it is carried out).
 *
 * A strategy header defines `static const struct strategy strategy` and, for lists
 * and reports, `static const char strategy_summary[]`: what it does, in one line. */
struct strategy {
    struct ht_promise promise;
    decision *on_create;       /* NULL: RELEASE, i.e. start at the static empty table */
    decision *make_room;       /* no room for one more entry: slots */
    decision *after_del;       /* NULL: KEEP. Slots, RELEASE (if nothing is live) or KEEP */
    decision *on_clear;        /* KEEP, RELEASE or slots */
    decision *on_compact;      /* NULL: KEEP */
    decision *on_copy;         /* CLONE, RELEASE (if nothing is live) or slots that hold the live */
    decision *on_rebuild_copy; /* NULL: fit(live). As on_copy */
    turning *turns;            /* of strategies with STRATEGY_STEP_MOVES (gradual.h) alone */
    bool in_place;             /* a rebuild stays in the storage there is */
    bool ignores_reserve;      /* there is no such call in what is modelled */
};

static inline size_t core_round(size_t slots);
static inline size_t core_usable(size_t slots);

/* For engines whose sizes double: the smallest, of `least` on, with so many slots; 0 if none. */
static inline size_t round_doubling(size_t least, size_t slots)
{
    size_t round = least;
    while (round < slots && round <= HT_MOST)
        round *= 2;
    return round <= HT_MOST ? round : 0;
}

/* The fewest slots of which at most `num`/32 of usable holds n entries; 0 if
 * no size does. */
static inline size_t slots_at(size_t n, size_t num)
{
    size_t slots = core_round(1);
    while (slots && core_usable(slots) / 32 * num + core_usable(slots) % 32 * num / 32 < n)
        slots = core_round(slots + 1);
    return slots;
}

/* Where an automatic rebuild lands: 1/8 of usable stays free, which bounds the
 * moves of the rebuilds that follow (promise.h, HT_MOVES_PER_STEP). */
static inline size_t fit(size_t n)
{
    return slots_at(n, 28);
}

/* Where a rebuild that was asked for lands: 1/32 free. It need not pay for
 * itself, and with 1/8 a dict of 10^4 entries would take 59 bytes an entry
 * instead of 29.5. Not 0: whoever lands full grows at the very next put. */
static inline size_t tight(size_t n)
{
    return slots_at(n, 31);
}

#endif
