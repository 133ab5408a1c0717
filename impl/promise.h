/* Memory as a promise: the bytes a table may hold at each moment.
 *
 * A strategy names one shape and its constants. The judge in promise.c is
 * written from DESIGN.md, section "Promises", and knows an engine by its
 * geometry alone; it never looks at a strategy's decisions. It follows the
 * live count of the model, not of the table it judges.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PROMISE_H
#define EBB_PROMISE_H

#include "ht.h"

/* What the upper bound follows. fit(n) is the fewest slots that hold n entries
 * and leave at least 1/8 of usable free. */
enum ht_shape {
    HT_PROMISE_PEAK,    /* the most entries ever live */
    HT_PROMISE_COMPACT, /* the most live since the last compact or copy, and tight(live) right
                         * after it: the fewest slots that leave 1/32 free */
    HT_PROMISE_CLEAR,   /* as COMPACT, and nothing after clear */
    HT_PROMISE_DRAIN,   /* as CLEAR, and nothing whenever no entry is live */
    HT_PROMISE_FACTOR,  /* live or the floor: usable <= that * den / num, or fit(that) */
    HT_PROMISE_EACH,    /* so many bytes for each live and each reserved entry; no geometry */
    HT_PROMISE_CPYTHON  /* the most entries ever live, times the interpreter's growth */
};

struct ht_promise {
    enum ht_shape shape;
    unsigned num, den; /* FACTOR: at least num/den of usable is live, above the floor;
                        * EACH: num/den bytes for each entry */
    const char *words; /* the promise as a sentence */
    size_t step_moves; /* no step moves more entries to make or give back room, but those that are
                        * O(n) by nature, and a tick no more for each moment; 0: only the average
                        * is promised */
    unsigned moves;    /* entries moved per changing step, on average; 0: HT_MOVES_PER_STEP */
    unsigned lag;      /* FACTOR: entries may lie in two storages while they move. By the end of a
                        * move at most so many 32nds of those there were may be gone; 0: in one */
    bool in_place; /* during a step that makes no copy, no more than the more of before and after */
    /* EACH only: */
    size_t base;     /* bytes besides */
    size_t extra;    /* bytes during a step that is not O(n) by nature, above the more of before
                      * and after */
    unsigned probes; /* of a lookup, besides 8 for each doubling of the entries */
    unsigned undone; /* lookups of what a step moves and, refused memory, takes back */
};

/* Entries a rebuild may move per changing step, on average over any trace. A
 * rebuild lands with 1/8 of usable free, so in the worst case (churn at 7/8)
 * 7/8 of usable moves after 1/8 puts and 1/8 dels: 3.5 a step. */
enum { HT_MOVES_PER_STEP = 4 };

/* The most probes of a step, whatever the hash: a lookup for the step's own key, one
 * after making room, one to find the place it goes to, and one for every entry that the
 * step moves or erases. */
uint64_t ht_probes_bound(const struct ht_geometry *, size_t slots, uint64_t moved, uint64_t erased);

/* What the judge remembers of one table. */
struct ht_judge {
    const struct ht_table *table;
    unsigned profile;
    size_t peak;      /* the peak that the shape follows */
    size_t held_peak; /* the most live since `hold`, while holding */
    size_t reserved;
    bool holding;
    bool owed;        /* memory failed: the bound may be broken until the next change */
    size_t bound;     /* ht_judge_bound after the last step judged; 0 before */
    uint64_t moved;   /* entries, other than to close holes, so far */
    uint64_t changes; /* puts and dels so far */
    uint64_t excused; /* entries that steps which are O(n) by nature may have moved */
};

/* What one step did. */
struct ht_judged {
    struct ht_op op;
    bool failed;              /* it reported no memory */
    bool refused;             /* the allocator refused something during it */
    size_t live_before, live; /* by the model */
    size_t held_before, held; /* bytes */
    size_t held_most;         /* most bytes at any moment of the step */
    size_t slots;             /* before or after, the more */
    uint64_t moved;           /* entries moved by this step, other than to close holes */
    uint64_t shifted;         /* and to close holes */
    uint64_t probed;          /* by this step */
};

void ht_judge_start(struct ht_judge *, const struct ht_table *, unsigned profile);

/* What later verdicts on bytes depend on, and no more: for the search of states, where
 * whatever is idle would multiply them. Holds for peaks below 256. A judge that recalls
 * counts work from zero. */
struct ht_judge_memory {
    unsigned char peak, held_peak, reserved;
    bool holding, owed;
};

struct ht_judge_memory ht_judge_remember(const struct ht_judge *);
void ht_judge_recall(struct ht_judge *, const struct ht_table *, unsigned profile,
                     struct ht_judge_memory);

/* What the promise of work allows is `credit`: for each changing step the promised
 * moves, for each step that is O(n) by nature its own, and these for the start. */
enum { HT_MOVES_AT_START = 64 };
int64_t ht_judge_overdrawn(const struct ht_judge *); /* entries moved so far, less the credit */

/* Follows a step without judging it: what ht_judge_bound depends on. */
void ht_judge_note(struct ht_judge *, struct ht_op, size_t live_before, size_t live);

/* NULL, or the sentence that says which part of the promise is broken; it is
 * valid until the next call. */
const char *ht_judge_step(struct ht_judge *, const struct ht_judged *);

/* The most bytes the table may hold at rest now; SIZE_MAX where it promises
 * nothing. */
size_t ht_judge_bound(const struct ht_judge *, size_t live);

#endif
