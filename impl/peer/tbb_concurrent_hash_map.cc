/* tbb_concurrent_hash_map: oneTBB's concurrent hash map, 2021.8, used by one thread.
 *
 * pkg-config: tbb
 * package: libtbb-dev
 * Licence: Apache 2.0. Bytes: its allocator, exact (its default one is TBB's own).
 * own hash: tbb_hash_compare, which is std::hash
 * unsanitized: alignment
 *
 * One node an entry (a lock in each), chained in buckets (a lock in each), segments
 * of buckets that double. Load limit 1. Deletion unlinks and frees the node. It never
 * shrinks and has no call that does; clear frees the nodes and all segments but the
 * first. reserve is rehash(n).
 * Cannot be equalised: every access takes a lock that nobody else wants.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#include <oneapi/tbb/concurrent_hash_map.h>
#include <vector>

namespace
{
struct compare {
    std::size_t hash(uint64_t key) const
    {
        return peer_hash_or<std::hash<uint64_t>>()(key);
    }
    bool equal(uint64_t a, uint64_t b) const
    {
        return a == b;
    }
};

using table = tbb::concurrent_hash_map<uint64_t, uint64_t, compare, peer_allocator<peer_entry>>;

/* The part of a map's face that it does not have. */
class map : public table
{
  public:
    using table::table;

    std::pair<std::pair<const uint64_t, uint64_t> *, bool> insert(const peer_entry &entry)
    {
        accessor at;
        bool is_new = table::insert(at, entry);
        return {&*at, is_new};
    }
    void reserve(uint64_t entries)
    {
        rehash(entries);
    }
    double max_load_factor() const
    {
        return 1;
    }
};

map make(struct peer *p)
{
    return map(peer_allocator<peer_entry>(p));
}
} // namespace

#define PEER_OWN_LOOKUP 1
#define PEER_OWN_COMPACT 1
#include "peer_map.h"

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    map::const_accessor at;
    if (!of(t).find(at, key))
        return false;
    *value = at->second;
    return true;
}

/* It erases no iterator: keys first, then one by one. */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    std::vector<uint64_t> doomed;
    for (const auto &entry : of(t))
        if (ht_retain_deletes(entry.first, modulus))
            doomed.push_back(entry.first);
    for (uint64_t key : doomed)
        (void)del(t, key);
    return scan(t);
}

PEER_NO_COMPACT

PEER_IMPL(tbb_concurrent_hash_map, "oneTBB: chained nodes with locks, never shrinks",
          HT_NEEDS_MEMORY | HT_NO_COMPACT);
