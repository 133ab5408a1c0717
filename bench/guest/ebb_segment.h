/* The shim ebb_segment of c_cpp_hash_tables_benchmark: ebb's segment/follow.
 *
 * SPDX-License-Identifier: MIT */
#include "ebb_shim.h"

extern "C" const struct ht_table ht_table_whole_segment;

template <typename blueprint> struct ebb_segment : ebb::shim<&ht_table_whole_segment, blueprint> {
};

template <> struct ebb_segment<void> {
    static constexpr const char *label = "ebb segment";
    static constexpr const char *color = "rgb( 0, 114, 178 )";
    static constexpr bool tombstone_like_mechanism = false;
};
