/* Planted: an entry that makes room goes to a bucket next to its other one.
 *
 * SPDX-License-Identifier: MIT */
#define store_make_room make_room_rightly
#include "segment/store.h"
#undef store_make_room

static size_t store_make_room(struct store *s, uint64_t hash, struct entry entry, uint64_t seed)
{
    size_t from = slots_from(first_of(s, hash));
    size_t to = (elsewhere_of(s, from, seed) + 1) % s->count;
    if (bucket_free(tags_of(s, to)) == 0)
        return 0;
    put_there(s, free_slot(s, to), s->room.tags[from], s->room.entries[from]);
    put_there(s, from, tag_of(hash), entry);
    s->live++;
    return 1;
}

#include "segment/operations.h"

#include "planted.h"

SEGMENT_TABLE(planted_table_pushed_astray, "segment", "pushed_astray");

const struct planted planted_pushed_astray = {
    .table = &planted_table_pushed_astray,
    .bug = "a displaced entry is put where nobody looks for it",
    .seen_as = "not found where it lies",
};
