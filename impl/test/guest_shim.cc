/* The shims for c_cpp_hash_tables_benchmark (bench/guest) are of the shape that it asks for, and
 * do what the benchmark takes them to do.
 *
 * The calling convention stands here in our own words.
 *
 * SPDX-License-Identifier: MIT */
#include "../../bench/guest/ebb_group.h"
#include "../../bench/guest/ebb_segment.h"
#include "../../bench/guest/uint64_uint64.h"
#include "check.h"

#include <type_traits>
#include <unordered_set>
#include <utility>

namespace
{

struct narrow {
    using key_type = uint32_t;
    using value_type = uint32_t;
};

template <typename Found, typename... Takes> using returning = Found(Takes...);

/* Exactly these functions: the benchmark refuses a shim with others. */
template <template <typename> typename Shim, typename Blueprint> void has_shape()
{
    using shim = Shim<Blueprint>;
    using key = const typename Blueprint::key_type &;
    using value = const typename Blueprint::value_type &;
    using table = decltype(shim::create_table());
    using at = decltype(shim::begin_itr(std::declval<table &>()));
    static_assert(std::is_same_v<decltype(shim::create_table), returning<table>>);
    static_assert(std::is_same_v<decltype(shim::destroy_table), returning<void, table &>>);
    static_assert(std::is_same_v<decltype(shim::insert), returning<void, table &, key>>);
    static_assert(std::is_same_v<decltype(shim::erase), returning<void, table &, key>>);
    static_assert(std::is_same_v<decltype(shim::find), returning<at, table &, key>>);
    static_assert(std::is_same_v<decltype(shim::begin_itr), returning<at, table &>>);
    static_assert(std::is_same_v<decltype(shim::is_itr_valid), returning<bool, table &, at &>>);
    static_assert(std::is_same_v<decltype(shim::increment_itr), returning<void, table &, at &>>);
    static_assert(std::is_same_v<decltype(shim::get_key_from_itr), returning<key, table &, at &>>);
    static_assert(
        std::is_same_v<decltype(shim::get_value_from_itr), returning<value, table &, at &>>);
    static_assert(std::is_same_v<decltype(Shim<void>::label), const char *const>);
    static_assert(std::is_same_v<decltype(Shim<void>::color), const char *const>);
    static_assert(std::is_same_v<decltype(Shim<void>::tombstone_like_mechanism), const bool>);
}

constexpr uint32_t KEYS = 3000;
constexpr uint64_t STEPS = 40000;

template <template <typename> typename Shim, typename Blueprint> void exercise()
{
    using shim = Shim<Blueprint>;
    has_shape<Shim, Blueprint>();
    std::unordered_set<uint64_t> model;
    auto table = shim::create_table();
    for (uint64_t step = 0; step < STEPS; step++) {
        uint64_t random = ht_mix(step);
        const auto key = static_cast<typename Blueprint::key_type>(random % KEYS);
        /* Grows for a while, then drains. */
        if ((random >> 32) % 4 < (step < STEPS / 2 ? 3 : 1)) {
            shim::insert(table, key);
            model.insert(key);
        } else {
            shim::erase(table, key);
            model.erase(key);
        }
        auto at = shim::find(table, key);
        CHECK(shim::is_itr_valid(table, at) == (model.count(key) > 0));
    }
    for (typename Blueprint::key_type key = 0; key < KEYS; key++) {
        auto at = shim::find(table, key);
        CHECK(shim::is_itr_valid(table, at) == (model.count(key) > 0));
        CHECK(shim::get_key_from_itr(table, at) == key);
        CHECK(shim::get_value_from_itr(table, at) == 0);
    }
    shim::destroy_table(table);
}

/* Other tables get the hash that ebb's take, and as many different keys as they ask for. */
void blueprint_is_equal_terms()
{
    std::vector<uint64_t> keys(KEYS);
    uint64_uint64::fill_unique_keys(keys);
    CHECK(std::unordered_set<uint64_t>(keys.begin(), keys.end()).size() == KEYS);
    for (uint64_t key : keys)
        CHECK(uint64_uint64::hash_key(key) == ht_hash(key, ht_config{}.seed));
    CHECK(uint64_uint64::cmpr_keys(1, 1) && !uint64_uint64::cmpr_keys(1, 2));
}

} // namespace

int main()
{
    blueprint_is_equal_terms();
    exercise<ebb_segment, uint64_uint64>();
    exercise<ebb_segment, narrow>();
    exercise<ebb_group, uint64_uint64>();
    exercise<ebb_group, narrow>();
    return 0;
}
