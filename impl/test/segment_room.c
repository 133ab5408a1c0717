/* The room of a table: what the system keeps resident is what is counted, whatever grows and
 * shrinks, in a block or in pages, and a refusal changes nothing; and a table's memory goes
 * back with nothing called.
 *
 * The hard build's pages are not the system's; there bytes are counted alone.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "segment/operations.h"
#include "test.h"

extern const struct ht_table ht_table_room;
SEGMENT_TABLE(ht_table_room, "segment", "room");

/* The longest room tried: it outgrows its first addresses. */
#ifdef HT_HARD
enum { STEPS = 20000, LONGEST = 4 * REACH, ENTRIES = 2000 };
#else
enum { STEPS = 3000, LONGEST = REACH + REACH / 4, ENTRIES = 300000 };
#endif

/* Are pages those of the system, so that what is resident can be compared? */
static bool pages_are_real(void)
{
    return PAGE == sysconf(_SC_PAGESIZE);
}

/* Bytes resident of a mapping. */
static size_t resident(const struct room *m)
{
    static unsigned char in_core[1 << 20];
    size_t length = mapped_bytes(m->reach), pages = (length + PAGE - 1) / PAGE, bytes = 0;
    for (size_t first = 0; first < pages; first += sizeof in_core) {
        size_t n = smaller(pages - first, sizeof in_core);
        CHECK(mincore(m->start + first * PAGE, n * PAGE, in_core) == 0);
        for (size_t page = 0; page < n; page++)
            bytes += in_core[page] & 1 ? PAGE : 0;
    }
    return bytes;
}

/* Bytes of all addresses that this process has. */
static size_t addresses(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    CHECK(file && fscanf(file, "%lu", &pages) == 1); /* NOLINT(cert-err34-c): the kernel's own */
    (void)fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- a room alone ------------------------------------------------------------ */

/* Each bucket has its number in it. */
static void mark(struct room *m, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        m->entries[i * BUCKET_SLOTS].key = i;
        m->entries[i * BUCKET_SLOTS + BUCKET_SLOTS - 1].value = i;
        m->tags[i * BUCKET_SLOTS] = (uint8_t)i;
    }
}

static void check_marks(const struct room *m, size_t used)
{
    for (size_t i = 0; i < used; i += used / 512 + 1) {
        CHECK(m->entries[i * BUCKET_SLOTS].key == i);
        CHECK(m->entries[i * BUCKET_SLOTS + BUCKET_SLOTS - 1].value == i);
        CHECK(m->tags[i * BUCKET_SLOTS] == (uint8_t)i);
    }
}

static void check_room(const struct room *m, const struct ht_mem *mem, size_t used)
{
    check_marks(m, used);
    CHECK(m->count == 0 || (uintptr_t)m->entries % LINE == 0);
    CHECK((uintptr_t)m->tags % BUCKET_SLOTS == 0);
    CHECK(mem->live == room_bytes(m) && m->count >= used);
    CHECK(m->count <= used + used / 16 + 2 * buckets_at_once(used) + PAGE_BUCKETS);
    if (mem->asks_usable) /* pages are given whole, malloc rounds up */
        CHECK(m->reach ? mem->usable == mem->live : mem->usable >= mem->live);
    CHECK(mem->usable <= mem->usable_peak);
}

/* How many buckets next: an eighth more or fewer, and now and then any number. */
static size_t wander(size_t used, uint64_t i)
{
    size_t most = smaller(used + used / 8 + 16, LONGEST), least = used - used / 8 - (used > 1);
    if (i % 16 == 0) {
        most = (size_t)LONGEST >> ht_mix(i) % 12;
        most += most == 0;
        least = 1;
    }
    return least + ht_mix(i + STEPS) % (most - least + 1);
}

static void random_room(void)
{
    struct room room = no_room;
    struct ht_mem mem;
    size_t used = 0;
    size_t addresses_before = addresses();
    unsigned moves = 0, blocks = 0;
    ht_mem_init(&mem);
    mem.asks_usable = true;
    for (uint64_t i = 0; i < STEPS; i++) {
        size_t next = wander(used, i), reach = room.reach;
        if (i % 5 == 0)
            ht_mem_fail(&mem, HT_FAIL_ONCE, 1 + i / 5 % 2);
        if (next > room.count) {
            if (room.count ? room_grow(&room, &mem, used, next) : room_open(&room, &mem, next)) {
                mark(&room, used, next);
                used = next;
            }
        } else {
            mark(&room, used, next);
            used = next;
            while (!room_trim(&room, &mem, used))
                check_marks(&room, used);
        }
        check_room(&room, &mem, used);
        ht_mem_fail(&mem, HT_FAIL_NEVER, 0);
        moves += reach && room.reach > reach;
        blocks += reach && !room.reach;
        if (pages_are_real() && room.reach && i % 64 == 0)
            CHECK(resident(&room) <= mem.live && resident(&room) >= mem.live - mem.live / 8);
    }
    (void)printf("%u times more addresses, %u times back to a block, %llu refusals\n", moves,
                 blocks, (unsigned long long)mem.refused);
    CHECK(moves && blocks && mem.refused > STEPS / 50);
    CHECK(mem.usable_peak >= mem.peak);
    room_free(&room, &mem);
    CHECK(mem.live == 0 && mem.usable == 0);
#ifndef ROOM_ASAN /* which keeps freed blocks */
    CHECK(addresses() <= addresses_before + mapped_bytes(REACH) / 2);
#else
    (void)addresses_before;
#endif
}

/* Where the system gives pages no other address, what they hold is copied, and they go back. */
static void pages_copied(void)
{
#ifndef HT_HARD
    const size_t used = REACH - 1, bytes = pages_in(used * SLOTS_BYTES) * PAGE;
    struct room from = no_room, to = no_room;
    struct ht_mem mem;
    ht_mem_init(&mem);
    CHECK(mapping_open(&from, &mem, used, REACH) && mapping_open(&to, &mem, used, REACH));
    CHECK(mapping_resize(&from, &mem, used) && mapping_resize(&to, &mem, used));
    mark(&from, 0, used);
    ht_pages_copy(to.entries, from.entries, bytes);
    ht_pages_copy(to.tags, from.tags, pages_in(used * TAGS_BYTES) * PAGE);
    check_marks(&to, used);
    CHECK(!pages_are_real() || (resident(&from) == 0 && resident(&to) >= bytes));
    room_free(&from, &mem);
    room_free(&to, &mem);
#endif
}

/* More addresses than any process has: it makes do with those there are. Sanitizers mark every
 * address, and cannot mark so many. */
static void few_addresses(void)
{
#if !defined(ROOM_ASAN) && !defined(HT_HARD)
    const size_t wish = (size_t)1 << 44;
    struct room room;
    struct ht_mem mem;
    ht_mem_init(&mem);
    CHECK(mapping_open(&room, &mem, REACH, wish));
    CHECK(room.reach >= REACH && room.reach < wish);
    CHECK(mapping_resize(&room, &mem, REACH));
    mark(&room, 0, REACH);
    check_room(&room, &mem, REACH);
    room_free(&room, &mem);
    CHECK(mem.live == 0 && !mapping_open(&room, &mem, wish, wish) && mem.refused == 1);
#endif
}

/* ---- a table ----------------------------------------------------------------- */

static void compare(const struct ht *t)
{
    const struct room *m = &t->core.store.room;
    size_t counted = room_bytes(m), kept = m->reach ? resident(m) : counted;
    (void)printf("%8zu entries: %zu bytes held, %zu resident\n", t->core.live, counted, kept);
    CHECK(!pages_are_real() || (kept <= counted && kept >= counted - counted / 8));
}

static void purged_table(void)
{
    struct ht_mem mem;
    struct ht_config config = {.seed = 1};
    ht_mem_init(&mem);
    struct ht *t = create(&mem, &config);
    CHECK(t);
    for (uint64_t i = 0; i < ENTRIES; i++)
        CHECK(put(t, ht_mix(i), i) == HT_NEW);
    CHECK(t->core.store.room.reach);
    compare(t);
    for (uint64_t i = ENTRIES / 50; i < ENTRIES; i++)
        CHECK(del(t, ht_mix(i)));
    CHECK(t->core.store.room.reach);
    compare(t);
    for (uint64_t i = ENTRIES / 50; i < ENTRIES / 25; i++)
        CHECK(put(t, ht_mix(i), i) == HT_NEW);
    compare(t);
    CHECK(check(t) == NULL);
    for (uint64_t i = 0; i < ENTRIES / 25; i++)
        CHECK(del(t, ht_mix(i)));
    CHECK(mem.live == 0);
    destroy(t);
    CHECK(mem.live == 0 && mem.handles == 0);
}

int main(void)
{
    random_room();
    pages_copied();
    few_addresses();
    purged_table();
    return 0;
}
