/* sparsehash_sparse: sparsehash's sparse_hash_map, 2.0.3.
 *
 * pkg-config: libsparsehash
 * package: libsparsehash-dev
 * also: no_min_load
 * Licence: BSD 3-clause. It calls malloc itself: with an allocator that is not its own
 * it would not use realloc.
 * interposes
 *
 * Groups of 48 slots, each a bitmap and an array of what is there, reallocated with
 * every new entry; quadratic probing. Load limit 4/5, powers of two, 32 slots at
 * least. Deletion writes the deleted key, which a trace may therefore not store. The
 * next insert after an erase shrinks if fewer than 8/25 are live: a minimum load is its
 * default (peer/sparsehash_sparse_no_min_load sets it to 0). Its own call is resize(0),
 * which with 0 does nothing. clear frees the groups and keeps their number.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#include <sparsehash/sparse_hash_map>

namespace
{
using map = google::sparse_hash_map<uint64_t, uint64_t, peer_hash>;

/* A word that no generator of traces makes. */
const uint64_t DELETED_KEY = UINT64_C(0xf3a5c1d2b7e46980);

map make(struct peer *)
{
    map m;
    m.set_deleted_key(DELETED_KEY);
#ifdef PEER_NO_MIN_LOAD
    m.min_load_factor(0);
#endif
    return m;
}

void shrink(map &m)
{
    m.resize(0);
}
} // namespace

#define PEER_WATCH 1
#define PEER_REFUSES(key) ((key) == DELETED_KEY)
#define PEER_RESERVE(m, n) (m).resize(n)
#include "peer_map.h"

#ifdef PEER_NO_MIN_LOAD
#define WORDS "sparsehash: bitmapped groups, with min_load_factor(0): never shrinks by itself"
#else
#define WORDS "sparsehash: bitmapped groups, shrinks at the insert after erases"
#endif
PEER_IMPL(sparsehash_sparse, WORDS, HT_DEAD_SLOTS | HT_NEEDS_MEMORY);
