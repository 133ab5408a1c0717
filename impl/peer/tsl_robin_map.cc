/* tsl_robin_map: Tessil's robin-map, 1.2 (Debian 12).
 *
 * header: tsl/robin_map.h
 * package: robin-map-dev
 * Licence: MIT. Bytes: its allocator, exact.
 * own hash: std::hash, the identity for integers: regular keys meet in few homes
 * also: min_load
 *
 * Robin Hood probing. Load limit 1/2, powers of two. Deletion shifts what follows back
 * by one. min_load_factor is 0 by default; peer/tsl_robin_map_min_load sets it to 0.1: the
 * next insert after an erase then shrinks, if fewer are live. Its own call is rehash(0).
 * clear keeps the array.
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
    map m{peer_allocator<std::pair<uint64_t, uint64_t>>(p)};
#ifdef PEER_MIN_LOAD
    m.min_load_factor(0.1F);
#endif
    return m;
}

void shrink(map &m)
{
    m.rehash(0);
}
} // namespace

#include "peer_map.h"

#ifdef PEER_MIN_LOAD
#define WORDS "robin-map with min_load_factor(0.1): shrinks at the insert after erases"
#else
#define WORDS "robin-map: backward shift, compact is rehash(0)"
#endif
PEER_IMPL(tsl_robin_map, WORDS, HT_MOVES);
