/* sparsehash_dense: sparsehash's dense_hash_map, 2.0.3.
 *
 * pkg-config: libsparsehash
 * package: libsparsehash-dev
 * also: no_min_load
 * Licence: BSD 3-clause. Bytes: its allocator, exact.
 *
 * One array of entries, quadratic probing; two keys stand for free and deleted, and a
 * trace that stores one of them is refused. Load limit 1/2, powers of two, 32 slots at
 * least. Deletion writes the deleted key. The next insert after an erase shrinks if
 * fewer than 1/5 are live: a minimum load is its default (peer/sparsehash_dense_no_min_load
 * sets it to 0). Its own call is resize(0), which with 0 does nothing. clear shrinks to 32
 * slots.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#include <sparsehash/dense_hash_map>

namespace
{
using map = google::dense_hash_map<uint64_t, uint64_t, peer_hash, std::equal_to<uint64_t>,
                                   peer_allocator<peer_entry>>;

/* Two words that no generator of traces makes. */
const uint64_t FREE_KEY = UINT64_C(0xf3a5c1d2b7e46980), DELETED_KEY = FREE_KEY + 1;

map make(struct peer *p)
{
    map m(0, peer_hash(), std::equal_to<uint64_t>(), peer_allocator<peer_entry>(p));
    m.set_empty_key(FREE_KEY);
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

#define PEER_REFUSES(key) ((key) == FREE_KEY || (key) == DELETED_KEY)
#define PEER_RESERVE(m, n) (m).resize(n)
#include "peer_map.h"

#ifdef PEER_NO_MIN_LOAD
#define WORDS "sparsehash: flat, with min_load_factor(0): never shrinks by itself"
#else
#define WORDS "sparsehash: flat, shrinks at the insert after erases"
#endif
PEER_IMPL(sparsehash_dense, WORDS, HT_DEAD_SLOTS | HT_NEEDS_MEMORY);
