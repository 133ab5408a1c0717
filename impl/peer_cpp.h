/* What C++ peers share: the counting allocator, the common hash, and running out of
 * memory.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_CPP_H
#define EBB_PEER_CPP_H

#include "peer.h"

#include <cstddef>
#include <functional>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

/* Everything here belongs to its unit: peer_seed does. */
namespace
{

/* The allocator that every C++ map takes; its blocks are those of operator new. */
template <class T> struct peer_allocator {
    using value_type = T;
    using pointer = T *;
    using const_pointer = const T *;
    using reference = T &;
    using const_reference = const T &;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;
    using propagate_on_container_swap = std::true_type;
    using propagate_on_container_move_assignment = std::true_type;
    using is_always_equal = std::false_type;
    template <class U> struct rebind {
        using other = peer_allocator<U>;
    };

    struct peer *owner;

    peer_allocator(struct peer *p) noexcept : owner(p)
    {
    }
    template <class U> peer_allocator(const peer_allocator<U> &o) noexcept : owner(o.owner)
    {
    }

    T *allocate(std::size_t n)
    {
        static_assert(alignof(T) <= 16, "malloc aligns no further");
        void *p = n <= max_size() ? peer_alloc(owner, n * sizeof(T)) : ht_refuse(owner->mem);
        if (!p)
            throw std::bad_alloc();
        return static_cast<T *>(p);
    }
    void deallocate(T *p, std::size_t n) noexcept
    {
        peer_free(owner, p, n * sizeof(T));
    }
    std::size_t max_size() const noexcept
    {
        return static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()) / sizeof(T);
    }
    template <class U> bool operator==(const peer_allocator<U> &o) const noexcept
    {
        return owner == o.owner;
    }
    template <class U> bool operator!=(const peer_allocator<U> &o) const noexcept
    {
        return owner != o.owner;
    }
};

/* The common hash. It mixes all bits, and says so to those that ask. */
struct peer_hash {
    using is_avalanching = std::true_type;
    using folly_is_avalanching = std::true_type;
    std::size_t operator()(uint64_t key) const noexcept
    {
        return ht_hash(key, peer_seed);
    }
};

using peer_entry = std::pair<const uint64_t, uint64_t>;

/* The common hash, or the peer's own in its second table. */
template <class Own> using peer_hash_or = std::conditional_t<PEER_OWN, Own, peer_hash>;

/* Does it; false for want of memory. */
template <class Do> bool peer_try(Do &&what)
{
    try {
        what();
        return true;
    } catch (const std::bad_alloc &) {
        return false;
    }
}

} // namespace

#endif
