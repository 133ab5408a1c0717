/* The judge of promises: written from DESIGN.md, section "Promises", apart from
 * the code it judges.
 *
 * SPDX-License-Identifier: MIT */
#include "promise.h"

#include "cpython_profile.h"

#include <stdio.h>
#include <string.h>

/* An entry: a key and its value. */
enum { ENTRY_BYTES = 16 };

/* The smallest table that is not empty; also what CPython's rounding makes of a
 * request for one entry: 16 slots. */
enum { CPYTHON_SMALL = 16 };

void ht_judge_start(struct ht_judge *j, const struct ht_table *table, unsigned profile)
{
    memset(j, 0, sizeof *j);
    j->table = table;
    j->profile = profile;
}

struct ht_judge_memory ht_judge_remember(const struct ht_judge *j)
{
    enum ht_shape shape = j->table->promise ? j->table->promise->shape : HT_PROMISE_PEAK;
    bool factor = shape == HT_PROMISE_FACTOR || shape == HT_PROMISE_EACH;
    return (struct ht_judge_memory){
        .peak = factor ? 0 : (unsigned char)j->peak,
        .held_peak = factor && j->holding ? (unsigned char)j->held_peak : 0,
        .reserved = shape == HT_PROMISE_CPYTHON ? 0 : (unsigned char)j->reserved,
        .holding = j->holding,
        .owed = j->owed,
    };
}

void ht_judge_recall(struct ht_judge *j, const struct ht_table *table, unsigned profile,
                     struct ht_judge_memory memory)
{
    ht_judge_start(j, table, profile);
    j->peak = memory.peak;
    j->held_peak = memory.held_peak;
    j->reserved = memory.reserved;
    j->holding = memory.holding;
    j->owed = memory.owed;
}

/* ---- sizes --------------------------------------------------------------- */

/* The fewest slots that hold n entries and leave 1/`part` of usable free
 * (part 0: may leave none). */
static size_t slots_for(const struct ht_geometry *g, size_t n, size_t part)
{
    size_t slots = g->least;
    for (;;) {
        size_t usable = g->usable(slots);
        size_t least_free = part ? (usable + part - 1) / part : 0;
        if (usable >= least_free && usable - least_free >= n)
            return slots;
        size_t next = g->round(slots + 1);
        if (!next)
            return slots;
        slots = next;
    }
}

static size_t bytes_for(const struct ht_judge *j, size_t n, size_t part)
{
    return j->table->geometry->bytes(slots_for(j->table->geometry, n, part), j->profile);
}

static size_t at_least(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The most bytes with num/den of usable live. */
static size_t bytes_of_factor(const struct ht_judge *j, size_t live)
{
    const struct ht_geometry *g = j->table->geometry;
    const struct ht_promise *p = j->table->promise;
    size_t bytes = 0;
    for (size_t slots = g->least; slots; slots = g->round(slots + 1)) {
        if (g->usable(slots) * p->num > live * p->den)
            break;
        bytes = g->bytes(slots, j->profile);
    }
    return bytes;
}

/* While entries move over there are two storages: one that was right for as many as there
 * were when the move began, and one in which these land, with room for a new one with each
 * step of the move. */
static size_t bytes_while_moving(const struct ht_judge *j, size_t live)
{
    const struct ht_promise *p = j->table->promise;
    size_t most = at_least(live + live * p->lag / (32 - p->lag) + 2, j->reserved);
    size_t landed = bytes_for(j, most + (most + p->step_moves - 1) / p->step_moves, 0);
    return at_least(bytes_of_factor(j, most), landed) + landed;
}

static bool is_judged(const struct ht_table *t)
{
    return t->promise && (t->geometry || t->promise->shape == HT_PROMISE_EACH);
}

size_t ht_judge_bound(const struct ht_judge *j, size_t live)
{
    const struct ht_promise *p = j->table->promise;
    if (!is_judged(j->table))
        return SIZE_MAX;
    size_t most = j->peak;
    switch (p->shape) {
    case HT_PROMISE_PEAK:
    case HT_PROMISE_COMPACT:
    case HT_PROMISE_CLEAR:
    case HT_PROMISE_DRAIN:
        return most ? bytes_for(j, most, 8) : 0;
    case HT_PROMISE_FACTOR:
        if (p->lag)
            return bytes_while_moving(j, at_least(live, j->holding ? j->held_peak : 0));
        live = at_least(live, j->holding ? at_least(j->held_peak, j->reserved) : j->reserved);
        return at_least(bytes_of_factor(j, live), bytes_for(j, live, 8));
    case HT_PROMISE_EACH:
        live += j->holding ? j->held_peak : 0; /* what stays is of other use to what comes */
        return (live + j->reserved) * p->num / p->den + p->base;
    case HT_PROMISE_CPYTHON: {
        size_t growth = cpython_profiles[j->profile].grows_by_half ? 4 : 3;
        size_t slots = j->table->geometry->round(at_least(growth * j->peak, CPYTHON_SMALL));
        return j->table->geometry->bytes(slots, j->profile);
    }
    }
    return SIZE_MAX;
}

/* The fewest bytes: what is live must lie somewhere, what is reserved must have
 * room, and who follows the peak follows it in full. */
static size_t floor_of(const struct ht_judge *j, size_t live)
{
    size_t n = at_least(j->table->promise->shape == HT_PROMISE_PEAK ? j->peak : live, j->reserved);
    if (j->table->promise->shape == HT_PROMISE_EACH)
        return n * ENTRY_BYTES;
    return n ? bytes_for(j, n, 0) : 0;
}

/* ---- what a step does to the peak, the floor and the debts ----------------- */

static bool follows_release(enum ht_shape shape)
{
    return shape == HT_PROMISE_CLEAR || shape == HT_PROMISE_DRAIN || shape == HT_PROMISE_EACH ||
           shape == HT_PROMISE_CPYTHON;
}

static bool follows_compact(enum ht_shape shape)
{
    return shape == HT_PROMISE_COMPACT || shape == HT_PROMISE_CLEAR || shape == HT_PROMISE_DRAIN;
}

static void forget_peak(struct ht_judge *j, size_t live)
{
    j->peak = live;
    j->reserved = 0;
}

/* Between hold and resume nothing is released, so the drain shows at resume. */
static void note_drain(struct ht_judge *j, size_t live)
{
    if (j->table->promise->shape == HT_PROMISE_DRAIN && live == 0 && !j->holding && !j->reserved)
        forget_peak(j, 0);
}

void ht_judge_note(struct ht_judge *j, struct ht_op op, size_t live_before, size_t live)
{
    if (!j->table->promise)
        return;
    enum ht_shape shape = j->table->promise->shape;
    bool changed = live != live_before;
    switch (op.kind) {
    case HT_PUT:
        j->changes += changed;
        break;
    case HT_DEL:
    case HT_POP:
        j->changes += changed;
        if (changed)
            note_drain(j, live);
        break;
    case HT_RETAIN:
        j->changes += live_before - live;
        j->excused += live_before;
        if (changed)
            note_drain(j, live);
        break;
    case HT_CLEAR:
        if (follows_release(shape))
            forget_peak(j, 0);
        break;
    case HT_COMPACT:
        j->excused += (shape == HT_PROMISE_EACH ? 2 : 1) * live_before;
        j->reserved = 0;
        if (follows_compact(shape))
            forget_peak(j, live);
        break;
    case HT_COPY:
        j->excused += 2 * live_before;
        j->reserved = 0;
        if (follows_compact(shape))
            j->peak = live;
        break;
    case HT_REBUILD_COPY:
        j->excused += 2 * live_before;
        forget_peak(j, live);
        break;
    case HT_RESERVE:
        if (shape == HT_PROMISE_CPYTHON)
            break; /* has no such call */
        j->excused += (shape == HT_PROMISE_EACH ? 2 : 1) * live_before;
        j->held_peak = at_least(j->held_peak, at_least(j->reserved, (size_t)op.key));
        j->reserved = (size_t)op.key;
        j->peak = at_least(j->peak, j->reserved);
        note_drain(j, live);
        break;
    case HT_HOLD:
        if (!j->holding)
            j->held_peak = at_least(live, j->reserved);
        j->holding = true;
        break;
    case HT_RESUME:
        j->holding = false;
        note_drain(j, live);
        break;
    case HT_GET:
    case HT_TICK:
    case HT_SCAN:
    case HT_USE:
    case HT_DROP:
    case HT_KINDS:
        break;
    }
    j->peak = at_least(j->peak, live);
    j->held_peak = at_least(j->held_peak, live);
}

/* Work put off is owed until the next change that meets no refusal. */
static void note_debt(struct ht_judge *j, const struct ht_judged *d)
{
    if (d->refused && !d->failed)
        j->owed = true;
    else if (!j->holding && (d->live != d->live_before || d->op.kind == HT_RESUME ||
                             (d->op.kind == HT_TICK && d->op.key)))
        j->owed = false;
}

/* ---- the verdict --------------------------------------------------------- */

static char sentence[200];

static const char *broken(const char *what, size_t is, size_t promised)
{
    (void)snprintf(sentence, sizeof sentence, "%s: %zu, promised %zu", what, is, promised);
    return sentence;
}

/* A rebuild for want of room is no release, and what is asked for is none unasked. */
static bool releases_unasked(const struct ht_judge *j, const struct ht_judged *d)
{
    bool erases = d->op.kind == HT_DEL || d->op.kind == HT_POP || d->op.kind == HT_RETAIN;
    return j->holding && (erases || d->op.kind == HT_TICK) && d->held < d->held_before;
}

/* Right after a compact or a copy: the fewest slots that leave 1/32 free. */
static bool is_tight_step(const struct ht_judge *j, const struct ht_judged *d)
{
    return follows_compact(j->table->promise->shape) &&
           (d->op.kind == HT_COMPACT || d->op.kind == HT_COPY);
}

/* Steps that are O(n) by nature. */
static bool moves_all(enum ht_kind kind)
{
    return kind == HT_COMPACT || kind == HT_COPY || kind == HT_REBUILD_COPY || kind == HT_RETAIN ||
           kind == HT_RESERVE || kind == HT_RESUME;
}

uint64_t ht_probes_bound(const struct ht_geometry *g, size_t slots, uint64_t moved, uint64_t erased)
{
    return (3 + moved + erased) * g->probes(slots);
}

static uint64_t moves_per_step(const struct ht_judge *j)
{
    unsigned moves = j->table->promise->moves;
    return moves ? moves : HT_MOVES_PER_STEP;
}

int64_t ht_judge_overdrawn(const struct ht_judge *j)
{
    return (int64_t)(j->moved - moves_per_step(j) * j->changes - j->excused);
}

static uint64_t most_probes(const struct ht_judge *j, const struct ht_judged *d, uint64_t erased)
{
    const struct ht_promise *p = j->table->promise;
    if (p->shape != HT_PROMISE_EACH)
        return ht_probes_bound(j->table->geometry, d->slots, d->moved, erased);
    uint64_t each = p->probes;
    for (size_t n = at_least(d->live_before, d->live); n; n /= 2)
        each += 8;
    return (3 + d->moved + erased + (d->refused ? p->undone : 0)) * each;
}

/* `repays`: a debt was owed, so that the step may do what earlier ones put off. */
static const char *judge_work(struct ht_judge *j, const struct ht_judged *d, bool repays)
{
    size_t erased = d->live_before > d->live ? d->live_before - d->live : 0;
    if (d->shifted > erased * d->live_before)
        return broken("an erase moves more entries than there are", (size_t)d->shifted,
                      erased * d->live_before);
    size_t step_moves = j->table->promise->step_moves;
    if (d->op.kind == HT_TICK && d->op.key > 1) /* an idle moment is worth a step */
        step_moves = d->op.key < SIZE_MAX / (step_moves + 1) ? step_moves * d->op.key : 0;
    if (step_moves && d->moved > step_moves && !moves_all(d->op.kind) && !repays)
        return broken("the promise of work is broken: entries moved by this step", (size_t)d->moved,
                      step_moves);
    j->moved += d->moved;
    if (ht_judge_overdrawn(j) > HT_MOVES_AT_START)
        return broken("the promise of work is broken: entries moved", (size_t)j->moved,
                      (size_t)(moves_per_step(j) * j->changes + j->excused + HT_MOVES_AT_START));
    uint64_t most = most_probes(j, d, erased);
    if (d->probed > most)
        return broken("the promise of work is broken: slots probed by this step", (size_t)d->probed,
                      (size_t)most);
    return NULL;
}

static const char *judge_bytes(struct ht_judge *j, const struct ht_judged *d)
{
    const struct ht_promise *p = j->table->promise;
    size_t bound = j->bound = ht_judge_bound(j, d->live);
    if (is_tight_step(j, d))
        bound = d->live ? bytes_for(j, d->live, 32) : 0;
    if (j->owed)
        bound = at_least(bound, d->held_before);
    if (d->held > bound)
        return broken("the promise of bytes is broken: it holds more than it may", d->held, bound);
    size_t least = floor_of(j, d->live);
    if (d->held < least)
        return broken("the promise of bytes is broken: it holds less than its entries need",
                      d->held, least);
    if (releases_unasked(j, d))
        return broken("the promise of bytes is broken: it releases between hold and resume",
                      d->held, d->held_before);
    size_t most = d->held_before + bound;
    bool copies = d->op.kind == HT_COPY || d->op.kind == HT_REBUILD_COPY;
    if (p->in_place ? !copies : p->shape == HT_PROMISE_EACH && !moves_all(d->op.kind))
        most = at_least(d->held_before, d->held) + p->extra;
    if (d->held_most > most)
        return broken("the promise of bytes is broken during the step", d->held_most, most);
    return NULL;
}

const char *ht_judge_step(struct ht_judge *j, const struct ht_judged *d)
{
    if (!is_judged(j->table))
        return NULL;
    if (d->failed)
        return NULL; /* that nothing changed is checked by the replay */
    bool repays = j->owed;
    ht_judge_note(j, d->op, d->live_before, d->live);
    note_debt(j, d);
    const char *wrong = judge_bytes(j, d);
    return wrong ? wrong : judge_work(j, d, repays);
}
