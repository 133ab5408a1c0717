/* From one set of operations, a table's descriptor and its run loop: what is
 * fuzzed (the descriptor) is what is timed (the loop).
 *
 * Before HT_IMPL, a file defines `struct ht` and, static, the operations
 *   create destroy put get del clear compact copy rebuild_copy reserve pop
 *   retain tick hold resume scan each stats check
 * with the signatures of struct ht_table; scan returns the sum of ht_entry_sum
 * over all entries. put, get and del should be HT_INLINE. A file that has a get_many of its
 * own (trait HT_MANY) defines call_get_many too, and HT_MANY_CALL as nothing.
 *
 * It compiles as C++ too. There designated members must come in the order of struct
 * ht_table, so HT_IMPL is given those above `create` (all a peer fills).
 *
 * The checksum of a slice starts at 0; each step rotates it left by one and
 * adds its result:
 *   get          2 * value + 1, or 0 for a miss
 *   put          1 if the key is new, 2 if it was there
 *   del          1 if the key was there
 *   pop          ht_entry_sum of the entry removed, or 0
 *   scan, retain sum of ht_entry_sum over the (surviving) entries
 *   the others   0
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_DEFINE_H
#define EBB_DEFINE_H

#include "check.h"
#include "hash.h"
#include "ht.h"
#include "set.h"

#include <assert.h>

static_assert(sizeof(size_t) == 8 && sizeof(void *) == 8, "64 bits: sizes and hashes rely on it");

#define HT_INLINE static inline __attribute__((always_inline))
/* C++ peers: the loop keeps its plain name, so that `make check` finds it. */
#ifdef __cplusplus
#define HT_C_BEGIN extern "C" {
#define HT_C_END }
#else
#define HT_C_BEGIN
#define HT_C_END
#endif
#define HT_COLD static __attribute__((noinline, cold, unused))

/* The most slots that storage has, and the most entries that are reserved: what is more does not
 * fit into memory, and what is reckoned of it might not into a size_t. */
#define HT_MOST (SIZE_MAX / 32)

static inline uint64_t ht_fold(uint64_t sum, uint64_t result)
{
    return (sum << 1 | sum >> 63) + result;
}

/* Descriptor members that every table fills alike. */
#define HT_OPERATIONS                                                                              \
    .create = create, .destroy = destroy, .put = call_put, .get = call_get,                        \
    .get_many = call_get_many, .del = call_del, .clear = clear, .compact = compact, .copy = copy,  \
    .rebuild_copy = rebuild_copy, .reserve = reserve, .pop = pop, .retain = retain, .tick = tick,  \
    .hold = hold, .resume = resume, .each = each, .stats = stats, .check = check, .run = run

/* Many keys, one after another. */
#define HT_MANY_CALL                                                                               \
    static uint32_t call_get_many(const struct ht *t, const uint64_t *keys, uint64_t *values,      \
                                  unsigned n)                                                      \
    {                                                                                              \
        uint32_t found = 0;                                                                        \
        assert(n <= HT_MANY_KEYS);                                                                 \
        for (unsigned i = 0; i < n; i++)                                                           \
            found |= (uint32_t)get(t, keys[i], &values[i]) << i;                                   \
        return found;                                                                              \
    }

/* put, get, get_many and del as functions, which HT_INLINE alone would not give. */
#define HT_CALLS                                                                                   \
    static enum ht_put call_put(struct ht *t, uint64_t key, uint64_t value)                        \
    {                                                                                              \
        return put(t, key, value);                                                                 \
    }                                                                                              \
    static bool call_get(const struct ht *t, uint64_t key, uint64_t *value)                        \
    {                                                                                              \
        return get(t, key, value);                                                                 \
    }                                                                                              \
    HT_MANY_CALL                                                                                   \
    static bool call_del(struct ht *t, uint64_t key)                                               \
    {                                                                                              \
        return del(t, key);                                                                        \
    }

/* How the loop is compiled, where a table has a wish. */
#ifndef HT_RUN_ATTRIBUTE
#define HT_RUN_ATTRIBUTE
#endif

/* The loop over a slice of a trace. */
#define HT_LOOP                                                                                    \
    /* The steps that are rare or long: kept out of the loop. */                                   \
    __attribute__((noinline)) static uint64_t run_rare(struct ht *t, struct ht_op op)              \
    {                                                                                              \
        uint64_t key, value;                                                                       \
        switch (op.kind) {                                                                         \
        case HT_CLEAR:                                                                             \
            clear(t);                                                                              \
            return 0;                                                                              \
        case HT_COMPACT:                                                                           \
            CHECK(compact(t));                                                                     \
            return 0;                                                                              \
        case HT_COPY:                                                                              \
            CHECK(copy(t));                                                                        \
            return 0;                                                                              \
        case HT_REBUILD_COPY:                                                                      \
            CHECK(rebuild_copy(t));                                                                \
            return 0;                                                                              \
        case HT_POP:                                                                               \
            return pop(t, &key, &value) ? ht_entry_sum(key, value) : 0;                            \
        case HT_RETAIN:                                                                            \
            return retain(t, op.key);                                                              \
        case HT_RESERVE:                                                                           \
            (void)reserve(t, op.key); /* refused, it changes nothing; the allocator counts it */   \
            return 0;                                                                              \
        case HT_TICK:                                                                              \
            tick(t, op.key);                                                                       \
            return 0;                                                                              \
        case HT_HOLD:                                                                              \
            hold(t);                                                                               \
            return 0;                                                                              \
        case HT_RESUME:                                                                            \
            resume(t);                                                                             \
            return 0;                                                                              \
        case HT_SCAN:                                                                              \
            return scan(t);                                                                        \
        case HT_GET:                                                                               \
        case HT_PUT:                                                                               \
        case HT_DEL:                                                                               \
        case HT_USE:                                                                               \
        case HT_DROP:                                                                              \
        case HT_KINDS:                                                                             \
            break;                                                                                 \
        }                                                                                          \
        ht_check_failed("a step of this kind", __FILE__, __LINE__);                                \
    }                                                                                              \
    HT_RUN_ATTRIBUTE                                                                               \
    static uint64_t run(struct ht_set *set, const struct ht_op *ops, size_t n, uint64_t first)     \
    {                                                                                              \
        uint64_t sum = 0;                                                                          \
        struct ht *t = ht_set_enter(set, ops, n);                                                  \
        uint64_t *step = &set->mem->step;                                                          \
        for (size_t i = 0; i < n; i++) {                                                           \
            const struct ht_op op = ops[i];                                                        \
            uint64_t result;                                                                       \
            if (op.kind == HT_GET) {                                                               \
                uint64_t value;                                                                    \
                result = get(t, op.key, &value) ? 2 * value + 1 : 0;                               \
            } else if (op.kind == HT_PUT) {                                                        \
                *step = first + i;                                                                 \
                enum ht_put done = put(t, op.key, first + i);                                      \
                CHECK(done != HT_NOMEM);                                                           \
                result = done == HT_NEW ? 1 : 2;                                                   \
            } else if (op.kind == HT_DEL) {                                                        \
                *step = first + i;                                                                 \
                result = del(t, op.key);                                                           \
            } else if (op.kind >= HT_USE) {                                                        \
                *step = first + i;                                                                 \
                t = ht_set_move(set, ops + i, n - i);                                              \
                result = 0;                                                                        \
            } else {                                                                               \
                *step = first + i;                                                                 \
                result = run_rare(t, op);                                                          \
            }                                                                                      \
            sum = ht_fold(sum, result);                                                            \
        }                                                                                          \
        return sum;                                                                                \
    }

#define HT_DESCRIPTOR(symbol, ...)                                                                 \
    extern const struct ht_table symbol;                                                           \
    const struct ht_table symbol = {__VA_ARGS__, HT_OPERATIONS}

#define HT_IMPL(symbol, ...)                                                                       \
    HT_C_BEGIN                                                                                     \
    HT_CALLS                                                                                       \
    HT_LOOP                                                                                        \
    HT_C_END                                                                                       \
    HT_DESCRIPTOR(symbol, __VA_ARGS__)

#endif
