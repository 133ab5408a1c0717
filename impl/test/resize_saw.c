/* The adversary of resizing: entries go until the table takes other storage, come until it does so
 * again, go again, and so on.
 *
 * A workload swings between fractions of its size, and meets the thresholds of one strategy or
 * another by chance. This one looks where they are: whoever lands too near to where it leaves from
 * moves all its entries for a few steps' work, and breaks the promise of work.
 *
 * SPDX-License-Identifier: MIT */
#include "test.h"

enum { SWINGS = 40, SIZES = 2 };

static const size_t sizes[SIZES] = {100, 700};

/* Which entries go: the oldest or the newest. */
enum which { OLDEST, NEWEST, WHICH };

struct saw {
    struct replay_options options;
    struct replay *replay;
    struct trace trace; /* what was done, to be told */
    uint64_t oldest, next;
    enum which goes;
    size_t slots;
};

/* One entry comes or goes. Whether the table has taken other storage. */
static bool step(struct saw *s, bool comes)
{
    uint64_t place = comes ? s->next++ : s->goes == OLDEST ? s->oldest++ : --s->next;
    struct ht_op op = {ht_mix(place), comes ? HT_PUT : HT_DEL};
    struct ht_stats stats;
    trace_append(&s->trace, op);
    if (!replay_steps(s->replay, &op, 1, NULL)) {
        struct replay_result result = *replay_so_far(s->replay);
        test_fail(&s->options, &s->trace, &result, "sawing at its thresholds");
    }
    replay_current(s->replay, &stats);
    bool changed = stats.slots != s->slots;
    s->slots = stats.slots;
    return changed;
}

/* Until it takes other storage, or the entries are a quarter of n or twice as many. */
static void swing(struct saw *s, size_t n, bool comes)
{
    size_t live = s->next - s->oldest;
    while (!step(s, comes) && (comes ? live < 2 * n : live > n / 4))
        live = s->next - s->oldest;
}

static void saw(const struct ht_table *t, size_t n, enum which goes)
{
    struct saw s = {.options = test_options(t), .goes = goes};
    struct replay_result result;
    s.replay = replay_start(&s.options);
    for (size_t i = 0; i < n; i++)
        (void)step(&s, true);
    for (unsigned i = 0; i < SWINGS; i++)
        swing(&s, n, i % 2);
    replay_finish(s.replay, &result);
    if (result.failed)
        test_fail(&s.options, &s.trace, &result, "sawing at its thresholds");
    trace_free(&s.trace);
}

int main(void)
{
    FOR_EACH_TABLE(t)
    {
        if (ht_is_peer(t))
            continue;
        for (unsigned i = 0; i < SIZES; i++)
            for (enum which goes = OLDEST; goes < WHICH; goes++)
                saw(t, sizes[i], goes);
    }
    return 0;
}
