/* Planted: an entry that makes room goes to a bucket next to its other one.
 *
 * SPDX-License-Identifier: MIT */
#define segment_push push_rightly
#include "segment/store.h"
#undef segment_push

static size_t segment_push(struct segment *s, uint64_t hash, struct entry entry)
{
    uint16_t tag = tag_of(hash);
    size_t from = first_of(s, hash);
    uint16_t moved = s->buckets[from].tag[0];
    size_t to = (other_of(s, from, moved) + 1) % s->count;
    unsigned room = bucket_free(&s->buckets[to]);
    if (room == 0)
        return SIZE_MAX;
    put_there(s, to, first_slot(room), moved, entries_of(s, from)[0]);
    put_there(s, from, 0, tag, entry);
    return to;
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_pushed_astray, "segment", "pushed_astray");

const struct planted planted_pushed_astray = {
    .table = &planted_table_pushed_astray,
    .bug = "a displaced entry is put where nobody looks for it",
    .seen_as = "not found where it lies",
};
