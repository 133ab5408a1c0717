/* boost_unordered_flat_map: Boost's open-addressing map, Debian's 1.81 or a newer one.
 *
 * header: boost/unordered/unordered_flat_map.hpp
 * instead: boost/unordered/unordered_flat_map.hpp
 * package: libboost1.81-dev
 * Licence: BSL 1.0. Bytes: its allocator, exact.
 * own hash: boost::hash, post-mixed by the map since it does not claim to avalanche
 *
 * Groups of 15 slots with a byte each, searched by SSE2. Load limit 7/8, powers of two
 * groups. Deletion frees the slot; overflow bits stay, and each erase of an entry
 * that may have overflowed lowers the limit by one, so that a rehash to the live size
 * comes earlier (which may shrink by accident). Its own call is rehash(0). clear keeps
 * the arrays.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/version.hpp>

namespace
{
using map = boost::unordered_flat_map<uint64_t, uint64_t, peer_hash_or<boost::hash<uint64_t>>,
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

PEER_IMPL(boost_unordered_flat_map,
          "Boost " BOOST_LIB_VERSION ": flat, overflow bits, compact is rehash(0)", 0);
