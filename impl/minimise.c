/* Makes a failing trace small; see minimise.h.
 *
 * SPDX-License-Identifier: MIT */
#include "minimise.h"

#include "apart.h"
#include "check.h"
#include "hash.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECONDS_IN_ALL = 60, KEY_BITS = 24 };

/* Does the trace still fail, by a wrong answer or a crash? */
static bool fails(const struct replay_options *options, const struct ht_op *ops, size_t n)
{
    struct replay_result result;
    enum apart how = replay_apart(options, ops, n, &result);
    return how == APART_WRONG || how == APART_CRASHED;
}

struct search {
    const struct replay_options *options;
    struct trace *trace;
    unsigned budget; /* replays left */
    time_t start;
};

static bool is_over(struct search *s)
{
    return s->budget == 0 || time(NULL) - s->start > SECONDS_IN_ALL;
}

/* Takes these steps, which it owns, in the place of the trace's if they still fail. */
static bool take_if_failing(struct search *s, struct ht_op *ops, size_t n)
{
    s->budget--;
    if (!fails(s->options, ops, n)) {
        free(ops);
        return false;
    }
    free(s->trace->ops);
    s->trace->ops = ops;
    s->trace->n = n;
    return true;
}

static struct ht_op *room_for(const struct trace *t)
{
    struct ht_op *ops = malloc((t->n + 1) * sizeof *ops);
    CHECK(ops);
    return ops;
}

static bool has_key(enum ht_kind kind)
{
    return kind == HT_GET || kind == HT_PUT || kind == HT_DEL;
}

/* Half of the keys with all their steps, and the other half: what depends on how many entries there
 * are, or were, fails as well with a part of them in the same places, and no piece of the trace can
 * be left out by itself. */
static void halve_keys(struct search *s, unsigned bit)
{
    for (uint64_t half = 0; half < 2 && !is_over(s); half++) {
        struct ht_op *ops = room_for(s->trace);
        size_t n = 0;
        for (size_t i = 0; i < s->trace->n; i++) {
            struct ht_op op = s->trace->ops[i];
            if (!has_key(op.kind) || (ht_mix(op.key) >> bit & 1) == half)
                ops[n++] = op;
        }
        if (n == s->trace->n)
            free(ops);
        else if (take_if_failing(s, ops, n))
            return;
    }
}

/* The trace without the `length` steps from `at`. */
static struct ht_op *without(const struct trace *t, size_t at, size_t length)
{
    struct ht_op *ops = room_for(t);
    memcpy(ops, t->ops, at * sizeof *ops);
    memcpy(ops + at, t->ops + at + length, (t->n - at - length) * sizeof *ops);
    return ops;
}

/* Every piece of this length that can be left out, one after the other. Whether one could. */
static bool drop_pieces(struct search *s, size_t length)
{
    bool dropped = false;
    for (size_t at = 0; at + length <= s->trace->n && !is_over(s);) {
        struct ht_op *ops = without(s->trace, at, length);
        if (take_if_failing(s, ops, s->trace->n - length))
            dropped = true;
        else
            at += length;
    }
    return dropped;
}

void minimise(const struct replay_options *options, struct trace *trace, unsigned budget)
{
    struct search s = {options, trace, budget, time(NULL)};
    for (unsigned bit = 0; bit < KEY_BITS && !is_over(&s); bit++)
        halve_keys(&s, bit);
    for (size_t length = trace->n / 2; length > 1; length /= 2)
        (void)drop_pieces(&s, length);
    while (!is_over(&s) && drop_pieces(&s, 1))
        continue;
}
