/* The operations of a peer that is a C++ map class, so that its file holds little but
 * the type.
 *
 * Before including it a peer defines, in an anonymous namespace, `map` (uint64_t to
 * uint64_t), `make(struct peer *)` which returns an empty one, and `shrink(map &)`,
 * its own call that gives memory back. It may define
 *   PEER_ERASE_NEXT  1: erase(iterator) may move entries and returns where to go on
 *   PEER_ASSIGN      how the value of a found iterator is set
 *   PEER_RESERVE     how it makes room for n entries
 *   PEER_REFUSES     is this a key that it cannot store?
 *   PEER_WATCH       1: it takes no allocator, so its calls of malloc are watched
 *   PEER_OWN_LOOKUP  it defines get and retain itself, behind this
 *   PEER_OWN_COMPACT ... compact (and no `shrink`)
 *   PEER_INLINE_ALL  all that the loop over a trace calls is put in line, as the compiler does
 *                    in a loop written by hand, which has one insert, one find and one erase
 *   PEER_ENTRY_LEAST bytes that an entry takes at least
 *   PEER_PREFETCH    its own call that asks for what a lookup of a key will look at
 *   PEER_INSIDE      so many entries, if there are no more, may lie in the map object
 * The map is used as its users use it: insert, find, erase, its copy constructor.
 *
 * A handle is plain bytes with the map inside: struct ht means something else in every
 * unit, so it must not have functions of its own that a linker would merge.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_MAP_H
#define EBB_PEER_MAP_H

#include "peer_cpp.h"

#ifdef PEER_INLINE_ALL
#undef HT_RUN_ATTRIBUTE
#define HT_RUN_ATTRIBUTE __attribute__((flatten))
#endif
#ifndef PEER_ERASE_NEXT
#define PEER_ERASE_NEXT 0
#endif
#ifndef PEER_ASSIGN
#define PEER_ASSIGN(it, with) (it)->second = (with)
#endif
#ifndef PEER_RESERVE
#define PEER_RESERVE(m, n) (m).reserve(n)
#endif
#ifndef PEER_REFUSES
#define PEER_REFUSES(key) ((void)(key), false)
#endif
#ifndef PEER_WATCH
#define PEER_WATCH 0
#endif
#ifndef PEER_ENTRY_LEAST
#define PEER_ENTRY_LEAST 16
#endif
#ifndef PEER_INSIDE
#define PEER_INSIDE 0
#endif

struct ht {
    struct peer peer; /* first: PEER_CREATE */
    alignas(map) unsigned char room[sizeof(map)];
};

namespace
{

inline __attribute__((always_inline)) map &of(struct ht *t)
{
    return *std::launder(reinterpret_cast<map *>(t->room));
}

inline __attribute__((always_inline)) const map &of(const struct ht *t)
{
    return *std::launder(reinterpret_cast<const map *>(t->room));
}

/* As long as it lives, malloc counts for the table, where it must. */
struct watch {
    explicit watch(struct ht *t)
    {
        if (PEER_WATCH)
            peer_watched = &t->peer;
    }
    ~watch()
    {
        if (PEER_WATCH)
            peer_watched = nullptr;
    }
    watch(const watch &) = delete;
    watch &operator=(const watch &) = delete;
};

template <class Do> bool attempt(struct ht *t, Do &&what)
{
    watch watched(t);
    return peer_try(what);
}

} // namespace

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (PEER_WATCH)
        peer_interpose();
    if (t && !attempt(t, [&] { new (t->room) map(make(&t->peer)); })) {
        ht_free_handle(mem, t, sizeof *t);
        return nullptr;
    }
    return t;
}

static void destroy(struct ht *t)
{
    {
        watch watched(t);
        of(t).~map();
    }
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    CHECK(!PEER_REFUSES(key));
    watch watched(t);
    try {
        auto [at, is_new] = of(t).insert({key, value});
        if (is_new)
            return HT_NEW;
        PEER_ASSIGN(at, value);
        return HT_REPLACED;
    } catch (const std::bad_alloc &) {
        return HT_NOMEM;
    }
}

#ifndef PEER_OWN_LOOKUP
HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    auto at = of(t).find(key);
    if (at == of(t).end())
        return false;
    *value = at->second;
    return true;
}
#endif

#ifdef PEER_PREFETCH
static uint32_t call_get_many(const struct ht *t, const uint64_t *keys, uint64_t *values,
                              unsigned n)
{
    uint32_t found = 0;
    assert(n <= HT_MANY_KEYS);
    for (unsigned i = 0; i < n; i++)
        PEER_PREFETCH(of(t), keys[i]);
    for (unsigned i = 0; i < n; i++)
        found |= (uint32_t)get(t, keys[i], &values[i]) << i;
    return found;
}
#undef HT_MANY_CALL
#define HT_MANY_CALL
#endif

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    watch watched(t);
    return of(t).erase(key) != 0;
}

static void clear(struct ht *t)
{
    watch watched(t);
    of(t).clear();
}

#ifndef PEER_OWN_COMPACT
static bool compact(struct ht *t)
{
    return attempt(t, [&] { shrink(of(t)); });
}
#endif

/* The copy takes the place of the original, which is destroyed. */
static bool copy(struct ht *t)
{
    return attempt(t, [&] {
        map fresh(of(t));
        of(t).swap(fresh);
    });
}

static bool rebuild_copy(struct ht *t)
{
    return attempt(t, [&] {
        map fresh(make(&t->peer));
        for (const auto &entry : of(t))
            fresh.insert({entry.first, entry.second});
        of(t).swap(fresh);
    });
}

static bool reserve(struct ht *t, uint64_t entries)
{
    if (entries > PEER_RESERVE_MOST)
        return ht_refuse(t->peer.mem) != nullptr;
    return attempt(t, [&] { PEER_RESERVE(of(t), entries); });
}

PEER_NO_POP
PEER_NO_HOLD

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    for (const auto &entry : of(t))
        sum += ht_entry_sum(entry.first, entry.second);
    return sum;
}

#ifndef PEER_OWN_LOOKUP
/* Summed up afterwards: where erasing moves entries, one may be visited twice. */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    watch watched(t);
    map &m = of(t);
    for (auto at = m.begin(); at != m.end();) {
        if (!ht_retain_deletes(at->first, modulus))
            ++at;
        else
#if PEER_ERASE_NEXT
            at = m.erase(at);
#else
            m.erase(at++);
#endif
    }
    return scan(t);
}
#endif

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    for (const auto &entry : of(t))
        visit(arg, entry.first, entry.second);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    const map &m = of(t);
    double slots = static_cast<double>(m.bucket_count());
    peer_stats(&t->peer, s, m.size(), m.bucket_count(),
               static_cast<size_t>(slots * static_cast<double>(m.max_load_factor())));
}

static const char *check(const struct ht *t)
{
    size_t live = of(t).size();
    return live == PEER_INSIDE ? NULL : peer_check(&t->peer, live, PEER_ENTRY_LEAST);
}

#endif
