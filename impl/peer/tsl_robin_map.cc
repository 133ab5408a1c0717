/* tsl_robin_map: Tessil's robin-map, 1.2 (Debian 12).
 *
 * header: tsl/robin_map.h
 * package: robin-map-dev
 * Licence: MIT. Bytes: its allocator, exact.
 * own hash: std::hash, the identity for integers: regular keys meet in few homes
 *
 * Robin Hood probing. Load limit 1/2, powers of two. Deletion shifts what follows back
 * by one. min_load_factor, which would shrink at the next insert, is 0 by default and
 * is left there; its own call is shrink_to_fit. clear keeps the array.
 *
 * SPDX-License-Identifier: MIT */
#define PEER_ERASE_NEXT 1
#define PEER_ASSIGN(it, with) it.value() = (with)

#include "peer_cpp.h"

#include <tsl/robin_map.h>

namespace
{
using map = tsl::robin_map<uint64_t, uint64_t, peer_hash_or<std::hash<uint64_t>>,
                           std::equal_to<uint64_t>, peer_allocator<std::pair<uint64_t, uint64_t>>>;

map make(struct peer *p)
{
    return map(peer_allocator<std::pair<uint64_t, uint64_t>>(p));
}

void shrink(map &m)
{
    m.rehash(0);
}
} // namespace

#include "peer_map.h"

PEER_IMPL(tsl_robin_map, "robin-map: backward shift, compact is rehash(0)", HT_MOVES);
