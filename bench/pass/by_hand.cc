/* Hand-written loops for three peers; see by_hand.h.
 *
 * SPDX-License-Identifier: MIT */
#include "by_hand.h"
#include "peer_cpp.h"

#include <unordered_map>

#if __has_include(<boost/unordered/unordered_flat_map.hpp>)
#include <boost/unordered/unordered_flat_map.hpp>
#define HAVE_BOOST 1
#endif
#if __has_include(<htslib/khash.h>)
#include <htslib/khash.h>
#define HAVE_KHASH 1
#endif

namespace
{

template <class Map> uint64_t replay_on(Map &map, const struct ht_op *ops, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t result = 0;
        if (ops[i].kind == HT_GET) {
            auto at = map.find(ops[i].key);
            if (at != map.end())
                result = 2 * at->second + 1;
        } else if (ops[i].kind == HT_PUT) {
            auto [at, is_new] = map.insert({ops[i].key, i});
            if (!is_new)
                at->second = i;
            result = is_new ? 1 : 2;
        } else {
            result = map.erase(ops[i].key);
        }
        sum = ht_fold(sum, result);
    }
    return sum;
}

template <class Map> uint64_t replay(const struct ht_op *ops, size_t n, uint64_t seed)
{
    peer_seed = seed;
    Map map;
    return replay_on(map, ops, n);
}

template <class Map> uint64_t replay_counted(const struct ht_op *ops, size_t n, uint64_t seed)
{
    struct ht_mem mem;
    struct peer owner = {&mem, 0};
    ht_mem_init(&mem);
    peer_seed = seed;
    Map map{peer_allocator<peer_entry>(&owner)};
    return replay_on(map, ops, n);
}

#if HAVE_KHASH
#define HASH(key) static_cast<khint_t>(ht_hash(key, peer_seed))
KHASH_INIT(by_hand, uint64_t, uint64_t, 1, HASH, kh_int64_hash_equal)

uint64_t replay_khash(const struct ht_op *ops, size_t n, uint64_t seed)
{
    peer_seed = seed;
    khash_t(by_hand) *map = kh_init(by_hand);
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t result = 0;
        if (ops[i].kind == HT_PUT) {
            int found;
            khint_t at = kh_put(by_hand, map, ops[i].key, &found);
            kh_val(map, at) = i;
            result = found ? 1 : 2;
        } else {
            khint_t at = kh_get(by_hand, map, ops[i].key);
            if (at != kh_end(map)) {
                if (ops[i].kind == HT_GET) {
                    result = 2 * kh_val(map, at) + 1;
                } else {
                    kh_del(by_hand, map, at);
                    result = 1;
                }
            }
        }
        sum = ht_fold(sum, result);
    }
    kh_destroy(by_hand, map);
    return sum;
}
#endif

} // namespace

const struct by_hand_loop by_hand_loops[] = {
    {"peer/std_unordered_map", "malloc", replay<std::unordered_map<uint64_t, uint64_t, peer_hash>>},
    {"peer/std_unordered_map", "counting",
     replay_counted<std::unordered_map<uint64_t, uint64_t, peer_hash, std::equal_to<>,
                                       peer_allocator<peer_entry>>>},
#if HAVE_BOOST
    {"peer/boost_unordered_flat_map", "malloc",
     replay<boost::unordered_flat_map<uint64_t, uint64_t, peer_hash>>},
#endif
#if HAVE_KHASH
    {"peer/khash", "malloc", replay_khash},
#endif
    {nullptr, nullptr, nullptr},
};
