/* Mutation by steps, for libFuzzer and AFL++; see mutate.h.
 *
 * Half of the mutations are the engine's own: by steps alone, bugs were lost that
 * need odd bytes, and the header was never changed.
 *
 * SPDX-License-Identifier: MIT */
#include "mutate.h"

#include "hash.h"
#include "input.h"
#include "trace_bytes.h"

#include <string.h>

struct random {
    uint64_t state;
};

enum { RUN_MOST = 32 };    /* steps repeated or undone at a time */
enum { SPLICE_EVERY = 8 }; /* mutations: more would make every input as long as may be */

static size_t below(struct random *r, size_t bound)
{
    r->state = ht_mix(r->state);
    return bound ? (size_t)(r->state % bound) : 0;
}

/* The steps of an input. */
struct steps {
    uint8_t (*at)[2];
    size_t n, room;
};

static void insert_step(struct steps *s, size_t at, uint8_t kind, uint8_t key)
{
    if (s->n >= s->room)
        return;
    memmove(s->at + at + 1, s->at + at, (s->n - at) * sizeof *s->at);
    s->at[at][0] = kind;
    s->at[at][1] = key;
    s->n++;
}

/* Steps of one kind on keys that follow each other: so a table gets large. */
static void insert_run(struct steps *s, size_t at, uint8_t kind, uint8_t key, size_t count)
{
    for (size_t i = 0; i < count; i++)
        insert_step(s, at + i, kind, (uint8_t)(key + i));
}

static void delete_steps(struct steps *s, size_t at, size_t count)
{
    memmove(s->at + at, s->at + at + count, (s->n - at - count) * sizeof *s->at);
    s->n -= count;
}

/* Puts a copy of a run behind it; false without room. */
static bool repeat_run(struct steps *s, size_t at, size_t count)
{
    if (s->n + count > s->room)
        return false;
    memmove(s->at + at + count, s->at + at, (s->n - at) * sizeof *s->at);
    s->n += count;
    return true;
}

/* Puts behind a run what undoes it, and what undoes that, so many times: the last step first,
 * a del for each put and a put for each del. The table goes to and fro. */
static void undo_run(struct steps *s, size_t at, size_t count, size_t times)
{
    for (; times > 0 && repeat_run(s, at, count); times--) {
        at += count;
        for (size_t i = 0; i < count; i++) {
            s->at[at + i][0] = trace_byte_undo(s->at[at - 1 - i][0]);
            s->at[at + i][1] = s->at[at - 1 - i][1];
        }
    }
}

static size_t run_length(struct random *r, size_t left)
{
    return 1 + below(r, left < RUN_MOST ? left : RUN_MOST);
}

static void change_steps(struct steps *s, struct random *r)
{
    size_t at = below(r, s->n), other = below(r, s->n);
    switch (below(r, 8)) {
    case 0:
        insert_step(s, below(r, s->n + 1), (uint8_t)below(r, 256), s->n ? s->at[other][1] : 1);
        break;
    case 1:
        if (s->n)
            delete_steps(s, at, 1 + below(r, s->n - at < 8 ? s->n - at : 8));
        break;
    case 2:
        if (s->n)
            (void)repeat_run(s, at, run_length(r, s->n - at));
        break;
    case 3:
        if (s->n)
            s->at[at][1] = s->at[other][1];
        break;
    case 4:
        if (s->n)
            s->at[at][0] = (uint8_t)below(r, 256);
        break;
    case 5:
        if (s->n) {
            size_t count = run_length(r, s->n - at);
            undo_run(s, below(r, 2) ? at : s->n - count, count, (size_t)1 << below(r, 6));
        }
        break;
    case 6:
        insert_run(s, below(r, s->n + 1), below(r, 3) ? TRACE_BYTE_PUT : TRACE_BYTE_DEL,
                   (uint8_t)below(r, 256), run_length(r, RUN_MOST));
        break;
    default:
        insert_step(s, below(r, s->n + 1), (uint8_t)below(r, 256), (uint8_t)below(r, 256));
    }
}

static bool is_input(const uint8_t *data, size_t size)
{
    return size >= INPUT_HEADER && data[0] == INPUT_VERSION;
}

/* The steps of an input, which becomes an empty one if it is of another format. */
static struct steps steps_of(uint8_t *data, size_t size, size_t max)
{
    if (!is_input(data, size)) {
        memset(data, 0, INPUT_HEADER);
        data[0] = INPUT_VERSION;
        size = INPUT_HEADER;
    }
    struct steps s = {(uint8_t(*)[2])(void *)(data + INPUT_HEADER), (size - INPUT_HEADER) / 2,
                      (max - INPUT_HEADER) / 2};
    if (s.room > INPUT_STEPS)
        s.room = INPUT_STEPS;
    if (s.n > s.room)
        s.n = s.room;
    return s;
}

size_t splice_steps(uint8_t *data, size_t size, const uint8_t *other, size_t other_size, size_t max,
                    uint32_t seed)
{
    struct random r = {seed};
    if (max < INPUT_HEADER)
        return size;
    struct steps s = steps_of(data, size, max);
    size_t theirs = is_input(other, other_size) ? (other_size - INPUT_HEADER) / 2 : 0;
    if (theirs) {
        size_t from = below(&r, theirs), count = run_length(&r, theirs - from);
        const uint8_t *step = other + INPUT_HEADER + 2 * from;
        for (size_t at = below(&r, s.n + 1); count > 0; count--, at++, step += 2)
            insert_step(&s, at, step[0], step[1]);
    }
    return INPUT_HEADER + 2 * s.n;
}

size_t mutate_steps(uint8_t *data, size_t size, size_t max, uint32_t seed)
{
    struct random r = {seed};
    if (max < INPUT_HEADER)
        return size;
    struct steps s = steps_of(data, size, max);
    if (below(&r, 8) == 0)
        data[1 + below(&r, INPUT_HEADER - 1)] = (uint8_t)below(&r, 256);
    for (size_t changes = 1 + below(&r, 4); changes > 0; changes--)
        change_steps(&s, &r);
    return INPUT_HEADER + 2 * s.n;
}

#ifdef FUZZ_LIBFUZZER
/* Weak: AFL++ has none, and does not call ours. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 2 ? mutate_steps(data, size, max, seed) : LLVMFuzzerMutate(data, size, max);
}

/* libFuzzer calls this as often as the mutator. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t max, unsigned seed);

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t max, unsigned seed)
{
    size_t size = one_size < max ? one_size : max;
    memcpy(out, one, size);
    if (seed / 2 % SPLICE_EVERY == 0)
        size = splice_steps(out, size, other, other_size, max, seed);
    return LLVMFuzzerCustomMutator(out, size, max, seed);
}
#endif

#ifdef FUZZ_AFL
#include <stdlib.h>

/* AFL++ mixes by itself: it runs its own mutations beside a custom one. */
struct afl_state {
    uint32_t seed;
    uint8_t bytes[INPUT_HEADER + 2 * INPUT_STEPS];
};

void *afl_custom_init(void *afl, unsigned seed);
void afl_custom_deinit(void *state);
size_t afl_custom_fuzz(void *state, uint8_t *data, size_t size, uint8_t **out, uint8_t *other,
                       size_t other_size, size_t max);

void *afl_custom_init(void *afl, unsigned seed)
{
    (void)afl;
    struct afl_state *s = calloc(1, sizeof *s);
    if (s)
        s->seed = seed;
    return s;
}

void afl_custom_deinit(void *state)
{
    free(state);
}

size_t afl_custom_fuzz(void *state, uint8_t *data, size_t size, uint8_t **out, uint8_t *other,
                       size_t other_size, size_t max)
{
    struct afl_state *s = state;
    size_t room = max < sizeof s->bytes ? max : sizeof s->bytes;
    if (size > room)
        size = room;
    memcpy(s->bytes, data, size);
    *out = s->bytes;
    s->seed++;
    if (s->seed % SPLICE_EVERY == 0)
        size = splice_steps(s->bytes, size, other, other_size, room, s->seed);
    return mutate_steps(s->bytes, size, room, s->seed);
}
#endif
