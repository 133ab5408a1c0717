/* The shim ebb_group of c_cpp_hash_tables_benchmark: ebb's group/tombstone.
 *
 * SPDX-License-Identifier: MIT */
#include "ebb_shim.h"

extern "C" const struct ht_table ht_table_group_tombstone;

template <typename blueprint> struct ebb_group : ebb::shim<&ht_table_group_tombstone, blueprint> {
};

template <> struct ebb_group<void> {
    static constexpr const char *label = "ebb group";
    static constexpr const char *color = "rgb( 213, 94, 0 )";
    static constexpr bool tombstone_like_mechanism = false;
};
