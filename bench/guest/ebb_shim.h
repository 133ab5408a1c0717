/* Tables of ebb in c_cpp_hash_tables_benchmark (JacksonAllan/c_cpp_hash_tables_benchmark): what
 * its shims have in common, over the interface of ht.h. README.md beside this file says how.
 *
 * What cannot be equalised: keys and values are 64-bit words, so an entry of shorter ones takes
 * 16 bytes all the same, and wider ones (the 448-bit value, strings) cannot be held; the hash is
 * ebb's, whatever the blueprint's is (uint64_uint64.h gives all tables entries as wide and that
 * hash); each operation is a call; the load limit is the table's own. The interface visits
 * all entries but cannot stop and go on, so iterating is not compared.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_SHIM_H
#define EBB_SHIM_H

#include "ht.h"

#include <cstdint>
#include <cstdlib>
#include <type_traits>

namespace ebb
{

/* A table and the allocator that counts for it, which must stay where it is. */
template <const ht_table *Table> struct map {
    ht_mem mem;
    ht *handle;

    map()
    {
        const ht_config config{};
        ht_mem_init(&mem);
        handle = Table->create(&mem, &config);
        if (!handle)
            std::abort();
    }
    map(const map &) = delete;
    map &operator=(const map &) = delete;
    ~map()
    {
        Table->destroy(handle);
    }
};

/* What was found: a copy, since the interface shows no slots. */
template <typename Key, typename Value> struct found {
    Key key;
    Value value;
    bool valid;
};

template <const ht_table *Table, typename Blueprint> struct shim {
    using key_type = typename Blueprint::key_type;
    using value_type = typename Blueprint::value_type;
    using table_type = map<Table>;
    using itr_type = found<key_type, value_type>;
    static_assert(std::is_integral_v<key_type> && std::is_integral_v<value_type>,
                  "ebb holds words: in config.h, leave only blueprints of integers");

    static table_type create_table()
    {
        return table_type();
    }

    static void destroy_table(table_type &)
    {
    }

    static void insert(table_type &table, const key_type &key)
    {
        if (Table->put(table.handle, key, value_type()) == HT_NOMEM)
            std::abort();
    }

    static void erase(table_type &table, const key_type &key)
    {
        Table->del(table.handle, key);
    }

    static itr_type find(table_type &table, const key_type &key)
    {
        std::uint64_t value = 0;
        bool valid = Table->get(table.handle, key, &value);
        return {key, static_cast<value_type>(value), valid};
    }

    static bool is_itr_valid(table_type &, itr_type &at)
    {
        return at.valid;
    }

    static const key_type &get_key_from_itr(table_type &, itr_type &at)
    {
        return at.key;
    }

    static const value_type &get_value_from_itr(table_type &, itr_type &at)
    {
        return at.value;
    }

    /* Both are asked for by the benchmark's concepts; only BENCHMARK_ITERATION calls them. */
    static itr_type begin_itr(table_type &)
    {
        static_assert(cannot_iterate, "in config.h, comment BENCHMARK_ITERATION out");
        return {};
    }

    static void increment_itr(table_type &, itr_type &)
    {
        static_assert(cannot_iterate, "in config.h, comment BENCHMARK_ITERATION out");
    }

  private:
    static constexpr bool cannot_iterate = std::is_void_v<Blueprint>;
};

} // namespace ebb

#endif
