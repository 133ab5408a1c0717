/* std_unordered_map: the C++ standard library's hash table, of libstdc++ 12.
 *
 * package: g++
 * Licence: GPL 3 with the runtime exception. Bytes: its allocator, exact.
 * own hash: std::hash, which is the identity for integers
 *
 * One node a entry on one linked list, and an array of buckets into it. Load limit 1,
 * primes. Deletion unlinks and frees the node. It never shrinks by itself; its own
 * call is rehash(0), which makes the array fit and cannot move nodes together. clear
 * frees the nodes and keeps the array.
 * Both hashes are noexcept, so that libstdc++ computes them again instead of storing them:
 * a node takes 24 bytes; under one that may throw it would take 32.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#include <unordered_map>

namespace
{
using map = std::unordered_map<uint64_t, uint64_t, peer_hash_or<std::hash<uint64_t>>,
                               std::equal_to<>, peer_allocator<peer_entry>>;

map make(struct peer *p)
{
    return map(p);
}

void shrink(map &m)
{
    m.rehash(0);
}
} // namespace

#define PEER_INLINE_ALL /* a call of insert and of erase adds 4 ns a step of churn */
#include "peer_map.h"

PEER_IMPL(std_unordered_map, "libstdc++: chained nodes, compact is rehash(0)", 0);
