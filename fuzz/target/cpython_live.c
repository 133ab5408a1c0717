/* cpython_live: our dict/cpython and the running interpreter's dict (peer/cpython_dict)
 * on one trace. After every step they must agree on the answer, on what
 * sys.getsizeof reports, and on the entries in their order.
 *
 * Without libpython there is nothing to compare, and every input passes. `update` from
 * pairs is a row of puts; from a dict it makes room ahead, which is no step here.
 *
 * SPDX-License-Identifier: MIT */
#include "apply.h"
#include "check.h"
#include "cpython_profile.h"
#include "define.h"
#include "input.h"
#include "target.h"

#include <inttypes.h>
#include <string.h>

struct side {
    const struct ht_table *table;
    struct ht_mem mem;
    struct ht *t;
};

static bool start(struct side *side, const char *name, const struct ht_config *config)
{
    side->table = ht_find_table(name);
    if (!side->table)
        return false;
    ht_mem_init(&side->mem);
    side->t = side->table->create(&side->mem, config);
    CHECK(side->t);
    return true;
}

/* The version in the peer's summary: "...: 3.11.2". */
static int profile_of_interpreter(void)
{
    const struct ht_table *peer = ht_find_table("peer/cpython_dict");
    const char *colon = peer ? strrchr(peer->summary, ' ') : NULL;
    return colon ? cpython_find(colon + 1) : -1;
}

static void fold_entry(void *sum, uint64_t key, uint64_t value)
{
    *(uint64_t *)sum = ht_fold(*(uint64_t *)sum, ht_entry_sum(key, value));
}

static void compare(const struct side *ours, const struct side *theirs, uint64_t step,
                    struct ht_op op)
{
    struct ht_stats a, b;
    uint64_t order_a = 0, order_b = 0;
    ours->table->stats(ours->t, &a);
    theirs->table->stats(theirs->t, &b);
    ours->table->each(ours->t, fold_entry, &order_a);
    theirs->table->each(theirs->t, fold_entry, &order_b);
    if (a.live == b.live && a.reported == b.reported && order_a == order_b)
        return;
    (void)fprintf(stderr,
                  "step %" PRIu64 " (%s %" PRIu64 "): ours has %zu entries and reports %zu bytes, "
                  "the interpreter %zu and %zu%s\n",
                  step, trace_kind_name(op.kind), op.key, a.live, a.reported, b.live, b.reported,
                  order_a == order_b ? "" : "; the entries or their order differ");
    abort();
}

/* The steps a dict has. */
static bool is_step_of_dict(enum ht_kind kind)
{
    return kind <= HT_CLEAR || kind == HT_COPY || kind == HT_REBUILD_COPY || kind == HT_POP ||
           kind == HT_RETAIN || kind == HT_SCAN;
}

static void replay_both(const struct input *in, int profile)
{
    struct ht_config config = {.seed = in->options.config.seed, .profile = (unsigned)profile};
    struct side ours, theirs;
    CHECK(start(&ours, "dict/cpython", &config));
    CHECK(start(&theirs, "peer/cpython_dict", &config));
    for (uint64_t i = 0; i < in->trace.n; i++) {
        struct ht_op op = in->trace.ops[i];
        if (!is_step_of_dict(op.kind))
            continue;
        struct applied a = ht_apply(ours.table, ours.t, op, i);
        struct applied b = ht_apply(theirs.table, theirs.t, op, i);
        CHECK(!a.failed && !b.failed && a.result == b.result);
        compare(&ours, &theirs, i, op);
    }
    ours.table->destroy(ours.t);
    theirs.table->destroy(theirs.t);
    CHECK(ours.mem.live == 0 && theirs.mem.live == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    int profile = profile_of_interpreter();
    if (input_read(&in, INPUT_PLAIN, data, size) && profile >= 0)
        replay_both(&in, profile);
    input_free(&in);
    return 0;
}
