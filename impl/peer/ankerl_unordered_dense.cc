/* ankerl_unordered_dense: Martin Ankerl's unordered_dense::map.
 *
 * source: include/ankerl/unordered_dense.h
 * Licence: MIT. Bytes: its allocator, exact.
 * own hash: ankerl::unordered_dense::hash, which is wyhash's mixing
 *
 * Entries in one dense vector, found through an array of 8-byte buckets by Robin Hood
 * probing. Load limit 0.8, powers of two. Deletion moves the vector's last entry into
 * the hole and shifts buckets back. It never shrinks by itself; its own call is
 * rehash(0). clear keeps the arrays.
 *
 * SPDX-License-Identifier: MIT */
#define PEER_ERASE_NEXT 1

#include "peer_cpp.h"

#include <unordered_dense.h>

namespace
{
using map = ankerl::unordered_dense::map<
    uint64_t, uint64_t, peer_hash_or<ankerl::unordered_dense::hash<uint64_t>>,
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

PEER_IMPL(ankerl_unordered_dense,
          "unordered_dense: dense entries, compact is rehash(0); " PEER_VERSION,
          HT_MOVES | HT_NEEDS_MEMORY);
