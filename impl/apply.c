/* One step on one table; see apply.h.
 *
 * SPDX-License-Identifier: MIT */
#include "apply.h"

#include "check.h"
#include "hash.h"

static void add_entry(void *sum, uint64_t key, uint64_t value)
{
    *(uint64_t *)sum += ht_entry_sum(key, value);
}

struct applied ht_apply(const struct ht_table *table, struct ht *t, struct ht_op op, uint64_t value)
{
    uint64_t key, found;
    enum ht_put put;
    switch (op.kind) {
    case HT_GET:
        return (struct applied){table->get(t, op.key, &found) ? 2 * found + 1 : 0, false};
    case HT_PUT:
        put = table->put(t, op.key, value);
        return (struct applied){put == HT_NEW ? 1 : 2, put == HT_NOMEM};
    case HT_DEL:
        return (struct applied){table->del(t, op.key), false};
    case HT_POP:
        return (struct applied){table->pop(t, &key, &found) ? ht_entry_sum(key, found) : 0, false};
    case HT_RETAIN:
        return (struct applied){table->retain(t, op.key), false};
    case HT_COMPACT:
        return (struct applied){.failed = !table->compact(t)};
    case HT_COPY:
        return (struct applied){.failed = !table->copy(t)};
    case HT_REBUILD_COPY:
        return (struct applied){.failed = !table->rebuild_copy(t)};
    case HT_RESERVE:
        return (struct applied){.failed = !table->reserve(t, op.key)};
    case HT_CLEAR:
        table->clear(t);
        break;
    case HT_TICK:
        table->tick(t, op.key);
        break;
    case HT_HOLD:
        table->hold(t);
        break;
    case HT_RESUME:
        table->resume(t);
        break;
    case HT_SCAN: {
        struct applied did = {0};
        table->each(t, add_entry, &did.result);
        return did;
    }
    case HT_USE:
    case HT_DROP:
    case HT_KINDS:
        break;
    }
    return (struct applied){0};
}
