/* qhash: Qt's QHash, 6.4.
 *
 * pkg-config: Qt6Core
 * package: qt6-base-dev
 * Licence: LGPL 3. It calls operator new itself.
 * interposes
 * own hash: qHash for integers, with a seed of 0
 *
 * Spans of 128 slots: a byte of offset a slot, entries in an array that grows by 16 as the
 * span fills. Linear probing, load limit 1/2, powers of two. Deletion shifts what
 * follows back and leaves the entry's room to its span. It never shrinks by itself; its
 * own call is squeeze. clear frees everything. Its copy shares until the next write,
 * so copy here is the detaching that this write would do.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_cpp.h"

#define QT_NO_KEYWORDS
#include <QHash>

namespace
{
/* A type of its own, since qHash is found by type. */
struct word {
    uint64_t key;
    bool operator==(const word &) const = default;
};

[[maybe_unused]] std::size_t qHash(word w, std::size_t = 0) noexcept
{
    return ht_hash(w.key, peer_seed);
}

using map_key = std::conditional_t<PEER_OWN, uint64_t, word>;
using table = QHash<map_key, uint64_t>;

[[maybe_unused]] uint64_t plain(uint64_t key)
{
    return key;
}

[[maybe_unused]] uint64_t plain(word w)
{
    return w.key;
}

/* An iterator that shows entries as other maps' do. */
template <class Iterator> struct walk {
    struct entry {
        uint64_t first;
        decltype(std::declval<Iterator>().value()) second;
        const entry *operator->() const
        {
            return this;
        }
    };
    Iterator at;

    entry operator*() const
    {
        return {plain(at.key()), at.value()};
    }
    entry operator->() const
    {
        return **this;
    }
    walk &operator++()
    {
        ++at;
        return *this;
    }
    bool operator==(const walk &) const = default;
};

class map
{
    table t;

  public:
    map() = default;
    map(const map &other) : t(other.t)
    {
        t.detach();
    }
    std::pair<walk<table::iterator>, bool> insert(const peer_entry &entry)
    {
        auto size = t.size();
        auto at = t.insert(map_key{entry.first}, entry.second);
        return {{at}, t.size() != size};
    }
    walk<table::const_iterator> find(uint64_t key) const
    {
        return {t.constFind(map_key{key})};
    }
    bool erase(uint64_t key)
    {
        return t.remove(map_key{key});
    }
    walk<table::iterator> erase(walk<table::iterator> at)
    {
        return {t.erase(at.at)};
    }
    walk<table::iterator> begin()
    {
        return {t.begin()};
    }
    walk<table::iterator> end()
    {
        return {t.end()};
    }
    walk<table::const_iterator> begin() const
    {
        return {t.cbegin()};
    }
    walk<table::const_iterator> end() const
    {
        return {t.cend()};
    }
    void swap(map &other)
    {
        t.swap(other.t);
    }
    void clear()
    {
        t.clear();
    }
    void reserve(uint64_t entries)
    {
        t.reserve(static_cast<qsizetype>(entries));
    }
    void squeeze()
    {
        t.squeeze();
    }
    std::size_t size() const
    {
        return static_cast<std::size_t>(t.size());
    }
    std::size_t bucket_count() const
    {
        return 2 * static_cast<std::size_t>(t.capacity());
    }
    double max_load_factor() const
    {
        return 0.5;
    }
};

/* A random seed of each process would make its figures differ from run to run. */
map make(struct peer *)
{
    QHashSeed::setDeterministicGlobalSeed();
    return map();
}

void shrink(map &m)
{
    m.squeeze();
}
} // namespace

#define PEER_WATCH 1
#define PEER_ERASE_NEXT 1
#include "peer_map.h"

PEER_IMPL(qhash, "Qt 6: spans of 128 slots, backward shift, compact is squeeze",
          HT_MOVES | HT_NEEDS_MEMORY);
