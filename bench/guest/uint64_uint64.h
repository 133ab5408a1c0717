/* The blueprint uint64_uint64 of c_cpp_hash_tables_benchmark: equal terms with ebb.
 *
 * 64-bit keys and values, so that entries of all tables are as wide, and ebb's hash for all.
 *
 * SPDX-License-Identifier: MIT */
#include "hash.h"

#include <cstdint>
#include <numeric>
#include <vector>

#define UINT64_UINT64_ENABLED

struct uint64_uint64 {
    using key_type = uint64_t;
    using value_type = uint64_t;
    static constexpr const char *label = "64-bit integer key, 64-bit value, ebb's hash";

    static uint64_t hash_key(const key_type &key)
    {
        return ht_good_hash(key, 0);
    }

    static bool cmpr_keys(const key_type &a, const key_type &b)
    {
        return a == b;
    }

    static void fill_unique_keys(std::vector<key_type> &keys)
    {
        std::iota(keys.begin(), keys.end(), 0);
    }
};
