/* folly_f14: F14 of Meta's folly, entries in the table (F14ValueMap); folly_f14_node has them behind
 * pointers (F14NodeMap), folly_f14_vector in one array beside the table (F14VectorMap).
 *
 * source: folly/container/F14Map.h
 * part: folly/container/detail/F14Table.cpp folly/ScopeGuard.cpp folly/lang/Exception.cpp
 * part: folly/lang/SafeAssert.cpp folly/lang/ToAscii.cpp
 * part: -DFOLLY_NO_CONFIG
 * header: fmt/format.h
 * header: boost/preprocessor/cat.hpp
 * package: libfmt-dev, libboost1.81-dev
 * Licence: Apache 2.0. Bytes: its allocator, exact.
 * own hash: folly's hasher, twang_mix64
 * also: node
 * also: vector
 *
 * Chunks of 14 entries with a byte each, searched by SSE2; 2^k chunks, full at 12 of 14 (vector: 10
 * of 12 numbers of 4 bytes, and an array as long as all places). An entry that finds its chunk full
 * goes to one further on, and each chunk that it passes counts it; deletion counts it out again (a
 * count of 254 stays), so that no tombstones are left. Vector moves the last entry of its array into
 * the hole. It never shrinks by itself; its own call is rehash(0), which fits exactly if it can do
 * with other chunks or fewer places, so that the next insert grows it. clear frees tables of 16
 * chunks and more.
 * A node that is refused leaves the chunks that were grown for it, as a standard container may;
 * tests take that for a change, so node is not starved.
 * Cannot be equalised: with assertions or under AddressSanitizer it rehashes at random, to show
 * who relies on what it does not promise; measured, it does not.
 *
 * SPDX-License-Identifier: MIT */
#define PEER_ERASE_NEXT 1
#define PEER_PREFETCH(m, key) (m).prefetch((m).prehash(key))

#include "peer_cpp.h"

#include <folly/container/F14Map.h>

#ifdef PEER_NODE
#define PEER_MAP folly::F14NodeMap
#define PEER_LIES "behind pointers"
#define PEER_TRAITS (HT_MANY | HT_NEEDS_MEMORY) /* or so the tests must take it */
#elif defined PEER_VECTOR
#define PEER_MAP folly::F14VectorMap
#define PEER_LIES "in one array"
#define PEER_TRAITS (HT_MANY | HT_MOVES)
#else
#define PEER_MAP folly::F14ValueMap
#define PEER_LIES "in chunks of 14"
#define PEER_TRAITS HT_MANY
#endif

namespace
{
using map = PEER_MAP<uint64_t, uint64_t, peer_hash_or<folly::f14::DefaultHasher<uint64_t>>,
                     std::equal_to<uint64_t>, peer_allocator<peer_entry>>;

map make(struct peer *p)
{
    return map(peer_allocator<peer_entry>(p));
}

void shrink(map &m)
{
    m.rehash(0);
}
} // namespace

#include "peer_map.h"

PEER_IMPL(folly_f14,
          "F14 of " PEER_VERSION ": entries " PEER_LIES ", overflow counted, compact is rehash(0)",
          PEER_TRAITS);
