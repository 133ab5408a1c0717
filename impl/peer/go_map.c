/* go_map: Go's map, with Debian's 1.19: buckets, before the Swiss tables of 1.24; the shim
 * is go_map.go.
 *
 * go: go_map.go
 * package: golang-go
 * Licence: BSD 3-clause. Bytes: the runtime has no hook. They are computed from the map's
 * header as the runtime lays it out up to 1.23 (go_map.go), an estimate; what the
 * collector has yet to free is not in them.
 *
 * Buckets of 8 entries with 8 bytes of hash, and overflow buckets behind them. Load
 * limit 6.5 a bucket, powers of two; growth moves two buckets an insert or erase. Too
 * many overflow buckets cause a rebuild of the same size. Deletion clears the slot. It
 * never shrinks, and has no call that does; clear, until 1.21, is a loop that deletes,
 * which the compiler knows and which keeps the buckets. It has no copy and no reserve.
 * Cannot be equalised: its own hash (AES), seeded at random, so that the number of overflow
 * buckets differs from run to run; a collector that works in threads of its own.
 *
 * SPDX-License-Identifier: MIT */
#include "peer_foreign.h"

#include <dlfcn.h>

typedef void account(void *owner, uint64_t now, uint64_t before);

static void *(*create_map)(struct peer *, account *);

/* What the map's bytes have become. */
static void recount(void *owner, uint64_t now, uint64_t before)
{
    struct peer *p = owner;
    peer_add(p, now);
    peer_drop(p, before);
    p->mem->calls += now > before;
}

static void *create_counted(struct peer *p, uint64_t seed, int own_hash)
{
    (void)seed, (void)own_hash;
    return create_map(p, recount);
}

static void find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    CHECK(found);
    memcpy(function, &found, sizeof found);
}

/* The runtime starts threads: only when a map is asked for. */
static const struct foreign *foreign(void)
{
    static struct foreign f;
    if (f.create)
        return &f;
    void *library = dlopen(PEER_SHARED, RTLD_NOW | RTLD_NODELETE);
    if (!library)
        ht_check_failed(dlerror(), __FILE__, __LINE__);
    find(library, "go_map_create", &create_map);
    find(library, "go_map_destroy", &f.destroy);
    find(library, "go_map_run", &f.run);
    find(library, "go_map_each", &f.each);
    find(library, "go_map_live", &f.live);
    find(library, "go_map_slots", &f.slots);
    find(library, "go_map_check", &f.check);
    f.create = create_counted;
    return &f;
}

FOREIGN_IMPL(go_map, "Go's map: buckets, never shrinks, " PEER_VERSION,
             HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_COPY | HT_NO_RESERVE | HT_UNCOUNTED |
                 HT_THREADS);
