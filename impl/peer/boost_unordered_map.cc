/* boost_unordered_map: Boost's closed-addressing map, Debian's 1.81 or a newer one.
 *
 * header: boost/unordered/unordered_flat_map.hpp
 * instead: boost/unordered/unordered_flat_map.hpp
 * package: libboost1.81-dev
 * Licence: BSL 1.0. Bytes: its allocator, exact.
 * own hash: boost::hash, which is the identity for integers
 *
 * One node an entry, chained in buckets; an array of group bits lets iteration skip
 * empty buckets. Load limit 1, primes. Deletion unlinks and frees the node. It never
 * shrinks by itself; its own call is rehash(0). clear frees the nodes, keeps the array.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#include <boost/unordered_map.hpp>
#include <boost/version.hpp>

namespace
{
using map = boost::unordered_map<uint64_t, uint64_t, peer_hash_or<boost::hash<uint64_t>>,
                                 std::equal_to<>, peer_allocator<peer_entry>>;

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

PEER_IMPL(boost_unordered_map, "Boost " BOOST_LIB_VERSION ": chained nodes, compact is rehash(0)",
          0);
