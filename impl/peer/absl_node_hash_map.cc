/* absl_node_hash_map: Abseil's Swiss table, Debian's 20220623 or a newer one, entries behind pointers.
 *
 * pkg-config: absl_node_hash_map
 * instead: absl/container/node_hash_map.h
 * part: absl/container/internal/raw_hash_set.cc absl/hash/internal/hash.cc absl/hash/internal/city.cc
 * part: absl/hash/internal/low_level_hash.cc absl/base/internal/raw_logging.cc
 * part: -fno-sanitize=null,nonnull-attribute,returns-nonnull-attribute
 * package: libabsl-dev
 * Licence: Apache 2.0. Bytes: its allocator, exact.
 * own hash: absl::Hash, seeded by the address of a variable
 *
 * A control byte a slot, groups of 16 searched by SSE2. Load limit 7/8, 2^k - 1 slots.
 * Deletion leaves a tombstone unless the group had a free slot all along. A full table
 * is rebuilt in place if at most 25/32 of its limit are live, else doubled; it never
 * shrinks by itself. Its own call is rehash(0). clear frees tables of 128 slots and more.
 * It does not survive a failed allocation (corpus/README.md).
 * A newer one (tried with August 2026) fills tables of 31 and 63 slots but for one, and adds to
 * every hash a seed that comes from an address and a counter: where tombstones decide, its bytes may
 * differ from one run to the next.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#include "peer_absl.h"

#include <absl/container/node_hash_map.h>

namespace
{
using map = absl::node_hash_map<uint64_t, uint64_t, peer_hash_or<absl::Hash<uint64_t>>,
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

#define PEER_PREFETCH(m, key) (m).prefetch(key)
#include "peer_map.h"

PEER_IMPL(absl_node_hash_map, PEER_ABSL ": Swiss table of pointers to nodes, compact is rehash(0)",
          HT_DEAD_SLOTS | HT_NEEDS_MEMORY | HT_MANY);
