/* The segments in the order of linear hashing, as an array in chunks.
 *
 * With `count` segments and mask + 1 the power of two above count, a hash's segment is
 * its low bits under the mask, less the highest where that is not yet (or no longer)
 * there. Adding segment number `count` takes half of one buddy, and the last segment
 * always goes back to where it came from: the directory grows and shrinks by one.
 *
 * Invariant: mask / 2 < count <= mask; all chunks but the last are full.
 * Cost: a lookup reads a chunk's address and a segment. Growing and shrinking write
 * at most one chunk or the array of chunks' addresses: 200 words at 10^8 entries. 16 bytes a
 * segment; a table of one segment has its directory in its handle.
 * Origin: W. Litwin, Linear hashing, VLDB 1980; it has no depth of each segment, no
 * second entry for any, and hashes that are alike cannot make it grow.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_DIRECTORY_H
#define EBB_DIRECTORY_H

#include "store.h"

#ifdef HT_HARD
enum { CHUNK_BITS = 1 };
#else
enum { CHUNK_BITS = 8 };
#endif
enum { CHUNK = 1 << CHUNK_BITS };

struct directory {
    struct segment **chunk; /* &first, or an array of `room` */
    size_t mask;
    size_t count;
    size_t chunks, room;
    struct segment *first; /* the only chunk: &one, or an array of `first_room` */
    size_t first_room;
    struct segment one;
};

static void directory_init(struct directory *d)
{
    *d = (struct directory){.mask = 1, .count = 1, .chunks = 1, .first_room = 1};
    d->one = no_segment;
    d->first = &d->one;
    d->chunk = &d->first;
}

/* Moves it to another address, where it may point into itself. */
static void directory_move(struct directory *to, const struct directory *from)
{
    *to = *from;
    if (from->first == &from->one)
        to->first = &to->one;
    if (from->chunk == &from->first)
        to->chunk = &to->first;
}

HT_INLINE struct segment *directory_at(const struct directory *d, size_t i)
{
    return &d->chunk[i >> CHUNK_BITS][i & (CHUNK - 1)];
}

HT_INLINE size_t directory_index(const struct directory *d, uint64_t hash)
{
    size_t i = (size_t)hash & d->mask;
    return either(i, i & d->mask >> 1, i >= d->count);
}

/* The segment that number i came out of, and goes back into. */
static inline size_t directory_buddy(size_t i)
{
    return i ^ (size_t)1 << (8 * sizeof i - 1 - (size_t)__builtin_clzl(i));
}

static size_t directory_held(const struct directory *d)
{
    size_t held = d->chunk == &d->first ? 0 : d->room * sizeof *d->chunk;
    if (d->chunks > 1)
        return held + d->chunks * CHUNK * sizeof(struct segment);
    return held + (d->first == &d->one ? 0 : d->first_room * sizeof(struct segment));
}

/* The only chunk, twice as large. */
static bool grow_first(struct directory *d, struct ht_mem *mem)
{
    size_t room = 2 * d->first_room;
    struct segment *chunk = ht_alloc(mem, room * sizeof *chunk);
    if (!chunk)
        return false;
    memcpy(chunk, d->first, d->count * sizeof *chunk);
    if (d->first != &d->one)
        ht_free(mem, d->first, d->first_room * sizeof *chunk);
    d->first = chunk;
    d->first_room = room;
    return true;
}

/* The addresses of the chunks, with room for as many again. */
static bool fit_addresses(struct directory *d, struct ht_mem *mem)
{
    size_t room = 2 * d->chunks;
    struct segment **chunk = ht_alloc(mem, room * sizeof *chunk);
    if (!chunk)
        return false;
    memcpy(chunk, d->chunk, d->chunks * sizeof *chunk);
    if (d->chunk != &d->first)
        ht_free(mem, d->chunk, d->room * sizeof *chunk);
    d->chunk = chunk;
    d->room = room;
    return true;
}

static bool add_chunk(struct directory *d, struct ht_mem *mem)
{
    bool full = d->chunk == &d->first || d->chunks == d->room;
    if (full && !fit_addresses(d, mem))
        return false;
    struct segment *chunk = ht_alloc(mem, CHUNK * sizeof *chunk);
    if (!chunk)
        return false;
    d->chunk[d->chunks++] = chunk;
    return true;
}

/* Room for one segment more; false: no memory. */
static bool directory_grow(struct directory *d, struct ht_mem *mem)
{
    if (d->chunks == 1 && d->first_room < CHUNK)
        return d->count < d->first_room || grow_first(d, mem);
    return d->count < d->chunks * CHUNK || add_chunk(d, mem);
}

/* Gives back what nothing lies in. False if there is no memory for fewer addresses. */
static bool directory_shrink(struct directory *d, struct ht_mem *mem)
{
    while (d->chunks > 1 && d->count <= (d->chunks - 1) * CHUNK)
        ht_free(mem, d->chunk[--d->chunks], CHUNK * sizeof(struct segment));
    if (d->chunks == 1 && d->chunk != &d->first) {
        d->first = d->chunk[0];
        d->first_room = CHUNK;
        ht_free(mem, d->chunk, d->room * sizeof *d->chunk);
        d->chunk = &d->first;
    }
    if (d->count == 1 && d->first != &d->one) {
        d->one = d->first[0];
        ht_free(mem, d->first, d->first_room * sizeof *d->first);
        d->first = &d->one;
        d->first_room = 1;
    }
    return d->chunk == &d->first || 4 * d->chunks > d->room || fit_addresses(d, mem);
}

/* Segment number `count` is there now: there was room. */
static void directory_add(struct directory *d, struct segment s)
{
    *directory_at(d, d->count++) = s;
    if (d->count > d->mask)
        d->mask = 2 * d->mask + 1;
}

/* The last segment is gone; what it lay in stays until the directory shrinks. */
static void directory_drop(struct directory *d)
{
    if (--d->count == d->mask / 2)
        d->mask /= 2;
}

#endif
