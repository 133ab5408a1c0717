/* The reference of the explorer; see reference.h.
 *
 * SPDX-License-Identifier: MIT */
#include "reference.h"

#include "hash.h"

#include <string.h>

static void forget(struct reference *r, unsigned at)
{
    r->there[r->order[at]] = false;
    r->live--;
    for (unsigned i = at; i < r->live; i++)
        r->order[i] = r->order[i + 1];
}

static uint64_t reference_put(struct reference *r, uint64_t key, uint64_t value)
{
    bool there = r->there[key];
    if (!there)
        r->order[r->live++] = (unsigned char)key;
    r->there[key] = true;
    r->value[key] = value;
    return there ? 2 : 1;
}

static uint64_t reference_del(struct reference *r, uint64_t key)
{
    for (unsigned i = 0; i < r->live; i++) {
        if (r->order[i] == key) {
            forget(r, i);
            return 1;
        }
    }
    return 0;
}

static uint64_t reference_pop(struct reference *r)
{
    if (r->live == 0)
        return 0;
    unsigned key = r->order[r->live - 1];
    forget(r, r->live - 1);
    return ht_entry_sum(key, r->value[key]);
}

static uint64_t reference_retain(struct reference *r, uint64_t modulus)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < r->live;) {
        unsigned key = r->order[i];
        if (ht_retain_deletes(key, modulus)) {
            forget(r, i);
        } else {
            sum += ht_entry_sum(key, r->value[key]);
            i++;
        }
    }
    return sum;
}

uint64_t reference_apply(struct reference *r, struct ht_op op, uint64_t value)
{
    if (op.kind == HT_PUT)
        return reference_put(r, op.key, value);
    if (op.kind == HT_DEL)
        return reference_del(r, op.key);
    if (op.kind == HT_POP)
        return reference_pop(r);
    if (op.kind == HT_RETAIN)
        return reference_retain(r, op.key);
    if (op.kind == HT_CLEAR) {
        r->live = 0;
        memset(r->there, 0, sizeof r->there);
    }
    if (op.kind == HT_HOLD || op.kind == HT_RESUME)
        r->holding = op.kind == HT_HOLD;
    return 0;
}
