/* An input step by step; see climb.h.
 *
 * SPDX-License-Identifier: MIT */
#include "climb.h"

void climb(const struct input *in, void (*note)(void *arg, const struct climb_step *), void *arg)
{
    struct ht_op ops[INPUT_STEPS];
    input_steps(in, ops);
    struct replay *r = replay_start(&in->options);
    struct ht_stats before = {0}, after = {0};
    bool asked = false;
    int64_t least = 0; /* overdrawn by the current table */
    for (size_t i = 0; i < in->trace.n; i++, before = after) {
        asked |= ops[i].kind == HT_RESERVE;
        if (!replay_steps(r, &ops[i], 1, NULL))
            break;
        replay_current(r, &after);
        struct climb_step step = {.step = i,
                                  .live = after.live,
                                  .slots = after.slots,
                                  .held = after.held,
                                  .asked = asked,
                                  .bound = replay_bound(r),
                                  .risen = replay_overdrawn(r)};
        if (step.risen < least || ops[i].kind >= HT_USE)
            least = step.risen;
        step.risen -= least;
        /* Another table's counters, or a new one's, are no difference. */
        if (ops[i].kind < HT_USE && i > 0 && ops[i - 1].kind < HT_USE) {
            step.moved = after.moved - before.moved;
            step.probed = after.probed - before.probed;
        }
        note(arg, &step);
    }
    struct replay_result result;
    replay_finish(r, &result);
    if (result.failed)
        input_complain(in, ops, &result);
}

size_t climb_retained(const struct climb_step *s)
{
    return s->live && !s->asked ? s->held / s->live : 0;
}
