/* What a table's buckets lie in: one array, that gets longer and shorter at its end.
 *
 *      block    | entries | tags |                         small: of malloc, to the byte
 *      mapping  | entries | untouched | tags | untouched | large: pages from the system
 *
 * malloc keeps what is freed below something in use, so the memory of a process would stay
 * at its peak long after the table has shrunk. A mapping has more addresses than the table
 * needs, only what is in use has pages behind it, and the end goes back as the table gets
 * shorter: nothing is ever fragmented, and nothing is copied to grow. What is not in use costs
 * addresses.
 *
 * Invariant: the pages in use are counted as held, and no other page has memory.
 * Cost: a page that comes to a table once comes from the system once: it is not given back
 * and asked for again while the table grows. PAGES_MOST come and go with one system call. When
 * it outgrows its addresses, once on the way to 3 * 10^9 entries, the system gives its
 * pages new ones (pages.h): 2 MB at once, as both places are aligned to that. Between block and
 * mapping all of it is copied, and both are held until it is.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_ROOM_H
#define EBB_ROOM_H

#include "bucket.h"
#include "mem_count.h"
#include "pages.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ROOM_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ROOM_ASAN
#endif
#ifdef ROOM_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(at, bytes) ((void)(at), (void)(bytes))
#endif

enum { LINE = 64 }; /* of a cache */

/* Bytes of a bucket's entries, of its tags, and of both. */
enum {
    SLOTS_BYTES = BUCKET_SLOTS * sizeof(struct entry),
    TAGS_BYTES = BUCKET_SLOTS * sizeof(uint8_t),
    BUCKET_BYTES = SLOTS_BYTES + TAGS_BYTES
};

/* PAGE is the smallest that a system has; where pages are larger, each array may hold a part of
 * one more. The hard build's pages are not the system's: what is
 * given back is spoilt instead.
 *
 * Up to BLOCK_MOST buckets lie in a block, since whole pages would be too much of so little
 * for 22 bytes an entry; fewer than BLOCK_LEAST go back to one. PAGES_MOST pages of entries
 * come and go at once, or a 96th of the table if that is less. Addresses are reserved for
 * REACH buckets, then for REACH_TIMES as many: so that both entries and tags begin at
 * multiples of ALIGN. */
#ifdef HT_HARD
enum { PAGE = 64, BLOCK_MOST = 3, BLOCK_LEAST = 2, PAGES_MOST = 1, REACH = 8, REACH_TIMES = 2 };
#else
enum {
    PAGE = 4096,
    BLOCK_MOST = 640,
    BLOCK_LEAST = 544,
    PAGES_MOST = 16,
    REACH = 1 << 17,
    REACH_TIMES = 4096
};
#endif
enum { ALIGN = 1 << 21, PAGE_BUCKETS = PAGE / SLOTS_BYTES };

/* What aligning to cache lines costs a block at most. */
enum { BLOCK_BYTES = LINE - 16 };

struct room {
    uint8_t *tags;
    struct entry *entries;
    size_t count; /* buckets that there is memory for; 0: none */
    size_t reach; /* buckets that there are addresses for; 0: it lies in a block */
    unsigned char *start;
};

/* The bucket of a table that holds nothing: never written, being constant. */
static const uint8_t no_tags[BUCKET_SLOTS];
static const struct entry no_entries[BUCKET_SLOTS];
static const struct room no_room = {.tags = (uint8_t *)(uintptr_t)no_tags,
                                    .entries = (struct entry *)(uintptr_t)no_entries};

/* ---- pages ----------------------------------------------------------------------- */

static inline size_t pages_in(size_t bytes)
{
    return (bytes + PAGE - 1) / PAGE;
}

static inline size_t pages_of(size_t buckets)
{
    return pages_in(buckets * SLOTS_BYTES) + pages_in(buckets * TAGS_BYTES);
}

/* How many buckets come and go at once where so many are in use. */
static inline size_t buckets_at_once(size_t used)
{
    size_t pages = used / 96 / PAGE_BUCKETS;
    return (pages < 1 ? 1 : pages > PAGES_MOST ? PAGES_MOST : pages) * PAGE_BUCKETS;
}

static inline size_t whole_pages(size_t buckets)
{
    return (buckets + PAGE_BUCKETS - 1) / PAGE_BUCKETS * PAGE_BUCKETS;
}

/* Pages are what was asked for and what is given. */
static void count_pages(struct ht_mem *mem, size_t before, size_t now)
{
    if (now > before)
        mem_take(mem, (now - before) * PAGE);
    if (now < before)
        mem_give(mem, (before - now) * PAGE);
    if (!mem->asks_usable)
        return;
    mem->usable += (now - before) * PAGE;
    if (mem->usable > mem->usable_peak)
        mem->usable_peak = mem->usable;
}

/* The first address of a page of the system that is not below this one. */
static inline unsigned char *page_from(unsigned char *at)
{
    return at + (-(uintptr_t)at & ((uintptr_t)sysconf(_SC_PAGESIZE) - 1));
}

/* `from` to `to` bytes from an address on come into use, in whole pages. */
static void pages_use(unsigned char *at, size_t from, size_t to)
{
    unsigned char *first = at + pages_in(from) * PAGE, *end = at + pages_in(to) * PAGE;
    ASAN_UNPOISON_MEMORY_REGION(first, (size_t)(end - first));
#if !defined(HT_HARD) && defined(MADV_POPULATE_WRITE)
    if (end - first > (ptrdiff_t)PAGES_MOST * PAGE)
        return; /* what is asked for ahead may wait */
    first = page_from(first);
    if (first < end)
        (void)madvise(first, (size_t)(end - first), MADV_POPULATE_WRITE);
#endif
}

/* Those from `to` on go back to the system. */
static void pages_drop(unsigned char *at, size_t from, size_t to)
{
    unsigned char *first = at + pages_in(to) * PAGE, *end = at + pages_in(from) * PAGE;
    if (first == end)
        return;
#ifdef HT_HARD
    memset(first, 0xa5, (size_t)(end - first));
#else
    if (page_from(first) < end)
        (void)madvise(page_from(first), (size_t)(end - page_from(first)), MADV_DONTNEED);
#endif
    ASAN_POISON_MEMORY_REGION(first, (size_t)(end - first));
}

/* ---- mappings -------------------------------------------------------------------- */

static inline size_t mapped_bytes(size_t reach)
{
    return reach * BUCKET_BYTES + ALIGN;
}

static void *map_addresses(size_t reach)
{
    return mmap(NULL, mapped_bytes(reach), PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* Addresses for `reach` buckets, or, where the system has not so many for this process, a half, a
 * quarter ... of them, `least` at least; and no memory. False: refused. */
static bool mapping_open(struct room *m, struct ht_mem *mem, size_t least, size_t reach)
{
    if (!mem_admits(mem))
        return false;
    void *start = map_addresses(reach);
    while (start == MAP_FAILED && reach / 2 >= least && reach > REACH) {
        reach /= 2;
        start = map_addresses(reach);
    }
    if (start == MAP_FAILED)
        return ht_refuse(mem) != NULL;
#ifdef MADV_NOHUGEPAGE /* or the first byte of either array may bring 2 MB */
    (void)madvise(start, mapped_bytes(reach), MADV_NOHUGEPAGE);
#endif
    ASAN_POISON_MEMORY_REGION(start, mapped_bytes(reach));
    unsigned char *first = (unsigned char *)start + (-(uintptr_t)start & (ALIGN - 1));
    *m = (struct room){.tags = first + reach * SLOTS_BYTES,
                       .entries = (struct entry *)(void *)first,
                       .reach = reach,
                       .start = start};
    return true;
}

static void mapping_close(struct room *m)
{
    ASAN_UNPOISON_MEMORY_REGION(m->start, mapped_bytes(m->reach));
    (void)munmap(m->start, mapped_bytes(m->reach));
}

/* Memory for `count` buckets. False: refused. */
static bool mapping_resize(struct room *m, struct ht_mem *mem, size_t count)
{
    unsigned char *entries = (void *)m->entries;
    size_t before = m->count;
    assert(count <= m->reach);
    if (count > before) {
        if (!mem_admits(mem))
            return false;
        pages_use(entries, before * SLOTS_BYTES, count * SLOTS_BYTES);
        pages_use(m->tags, before * TAGS_BYTES, count * TAGS_BYTES);
    } else {
        pages_drop(entries, before * SLOTS_BYTES, count * SLOTS_BYTES);
        pages_drop(m->tags, before * TAGS_BYTES, count * TAGS_BYTES);
    }
    count_pages(mem, pages_of(before), pages_of(count));
    m->count = count;
    return true;
}

/* What is in use of one array of a mapping moves to another. */
static void array_move(void *to, void *from, size_t bytes)
{
    bytes = pages_in(bytes) * PAGE;
    ASAN_UNPOISON_MEMORY_REGION(to, bytes);
#ifdef HT_HARD
    memcpy(to, from, bytes);
#else
    ht_pages_move(to, from, bytes);
#endif
}

/* Addresses for more buckets, `least` at least, with the pages there are. False: refused. */
static bool mapping_reach(struct room *m, struct ht_mem *mem, size_t least, size_t reach)
{
    struct room fresh;
    if (!mapping_open(&fresh, mem, least, reach))
        return false;
    array_move(fresh.tags, m->tags, m->count * TAGS_BYTES);
    array_move(fresh.entries, m->entries, m->count * SLOTS_BYTES);
    fresh.count = m->count;
    mapping_close(m);
    *m = fresh;
    return true;
}

/* ---- blocks ---------------------------------------------------------------------- */

static inline size_t block_bytes(size_t count)
{
    return count * BUCKET_BYTES + BLOCK_BYTES;
}

static inline unsigned char *first_line(unsigned char *block)
{
    return block + (-(uintptr_t)block & (LINE - 1));
}

/* The tags lie behind the entries of `count` buckets. */
static void block_lay(struct room *m, unsigned char *block, size_t count)
{
    unsigned char *first = first_line(block);
    *m = (struct room){.tags = first + count * SLOTS_BYTES,
                       .entries = (struct entry *)(void *)first,
                       .count = count,
                       .start = block};
}

static bool block_open(struct room *m, struct ht_mem *mem, size_t count)
{
    unsigned char *block = ht_alloc(mem, block_bytes(count));
    if (!block)
        return false;
    block_lay(m, block, count);
    return true;
}

/* The block gets longer or shorter, with what `used` buckets hold. False: refused. */
static bool block_resize(struct room *m, struct ht_mem *mem, size_t used, size_t count)
{
    size_t before = m->count, tags = used * TAGS_BYTES;
    unsigned char *first = (void *)m->entries;
    size_t skipped = (size_t)(first - m->start);
    if (count < before && !ht_may_shrink(mem))
        return false;
    if (count < before)
        memmove(first + count * SLOTS_BYTES, m->tags, tags);
    unsigned char *block = count < before
                               ? ht_shrink(mem, m->start, block_bytes(before), block_bytes(count))
                               : ht_grow(mem, m->start, block_bytes(before), block_bytes(count));
    if (!block)
        return false;
    size_t least = count < before ? count : before;
    /* Nothing, or all: without a branch, since malloc's choice is not the input's, and AFL++ would
     * call the program unstable. */
    size_t shifted = (size_t)(first_line(block) != block + skipped);
    __asm__("" : "+r"(shifted));
    memmove(first_line(block), block + skipped, shifted * (least * SLOTS_BYTES + tags));
    block_lay(m, block, count);
    if (count > before)
        memmove(m->tags, first_line(block) + before * SLOTS_BYTES, tags);
    return true;
}

/* ---- either ---------------------------------------------------------------------- */

static inline size_t room_bytes(const struct room *m)
{
    if (m->count == 0)
        return 0;
    return m->reach ? pages_of(m->count) * PAGE : block_bytes(m->count);
}

static void room_free(struct room *m, struct ht_mem *mem)
{
    if (m->reach) {
        (void)mapping_resize(m, mem, 0); /* less needs nothing */
        mapping_close(m);
    } else if (m->count) {
        ht_free(mem, m->start, block_bytes(m->count));
    }
    *m = no_room;
}

static inline size_t reach_for(size_t count, size_t reach)
{
    while (reach < count)
        reach *= REACH_TIMES;
    return reach;
}

/* Room of its own for `count` buckets. False: refused. */
static bool room_open(struct room *m, struct ht_mem *mem, size_t count)
{
    size_t reach = reach_for(count, REACH);
    if (count <= BLOCK_MOST)
        return block_open(m, mem, count);
    if (!mapping_open(m, mem, count, reach))
        return false;
    if (mapping_resize(m, mem, count))
        return true;
    mapping_close(m);
    *m = no_room;
    return false;
}

/* The same elsewhere, for `count` buckets, with what `used` buckets hold. */
static bool room_replace(struct room *m, struct ht_mem *mem, size_t used, size_t count)
{
    struct room fresh;
    if (!room_open(&fresh, mem, count))
        return false;
    memcpy(fresh.entries, m->entries, used * SLOTS_BYTES);
    memcpy(fresh.tags, m->tags, used * TAGS_BYTES);
    room_free(m, mem);
    *m = fresh;
    return true;
}

/* Buckets for more than there are, of which there are some and `used` are in use. False: refused. */
static bool room_grow(struct room *m, struct ht_mem *mem, size_t used, size_t need)
{
    size_t more = need + used / 16;
    if (m->reach == 0) {
        if (need > BLOCK_MOST)
            return room_replace(m, mem, used, whole_pages(need));
        more = more > BLOCK_MOST ? BLOCK_MOST : more;
        return block_resize(m, mem, used, more);
    }
    more = whole_pages(need + buckets_at_once(used) - PAGE_BUCKETS);
    if (more > m->reach && !mapping_reach(m, mem, more, reach_for(more, m->reach)))
        return false;
    return mapping_resize(m, mem, more);
}

/* Gives back what `used` buckets do not need. False: refused. */
static bool room_trim(struct room *m, struct ht_mem *mem, size_t used)
{
    if (m->reach && used < BLOCK_LEAST)
        return room_replace(m, mem, used, used);
    if (m->reach) {
        size_t step = buckets_at_once(used);
        return m->count < used + step + step / 2 ||
               mapping_resize(m, mem, whole_pages(used + step / 2));
    }
    return m->count - used <= used / 16 || block_resize(m, mem, used, used);
}

#endif
