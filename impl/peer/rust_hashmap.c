/* rust_hashmap: Rust's std::collections::HashMap (hashbrown); the shim is rust_hashmap.rs.
 *
 * rustc: rust_hashmap.rs
 * package: rustc
 * Licence: MIT or Apache 2.0. Bytes: the shim's global allocator, with sizes, exact.
 * own hash: SipHash 1-3, with keys of 0 (std draws them at random)
 *
 * A Swiss table: a control byte a slot, groups of 16. Load limit 7/8, powers of two.
 * Deletion leaves a tombstone unless the group had a free slot all along. A full table
 * is rebuilt in place if at most half of its limit is live, else doubled; it never
 * shrinks by itself. Its own call is shrink_to_fit; clear and clone keep the capacity.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_foreign.h"

extern void *rust_hashmap_create(struct peer *, uint64_t seed, int own_hash);
extern void rust_hashmap_destroy(void *);
extern uint64_t rust_hashmap_run(void *, const struct ht_op *, uint64_t n, uint64_t first,
                                 uint64_t *step, uint64_t *sum);
extern void rust_hashmap_each(const void *, ht_visit *, void *arg);
extern uint64_t rust_hashmap_live(const void *);
extern uint64_t rust_hashmap_slots(const void *);
extern uint64_t rust_hashmap_check(uint64_t key, uint64_t seed);

static const struct foreign *foreign(void)
{
    static const struct foreign f = {
        .create = rust_hashmap_create,
        .destroy = rust_hashmap_destroy,
        .run = rust_hashmap_run,
        .each = rust_hashmap_each,
        .live = rust_hashmap_live,
        .slots = rust_hashmap_slots,
        .check = rust_hashmap_check,
    };
    return &f;
}

FOREIGN_IMPL(rust_hashmap, "Rust's HashMap: Swiss table, compact is shrink_to_fit, " PEER_VERSION,
             HT_DEAD_SLOTS | HT_NEEDS_MEMORY);
