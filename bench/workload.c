/* What all generators share; see workload.h.
 *
 * SPDX-License-Identifier: MIT */
#include "workload.h"

#include "check.h"
#include "hash.h"

#include <stdlib.h>
#include <string.h>

unsigned workload_forms(const struct workload *w)
{
    unsigned forms = 0;
    while (w->variants && w->variants[forms])
        forms++;
    return forms ? forms : 1;
}

void workload_title(const struct workload *w, unsigned variant, char *out, size_t room)
{
    if (w->variants)
        (void)snprintf(out, room, "%s.%s", w->name, w->variants[variant]);
    else
        (void)snprintf(out, room, "%s", w->name);
}

const struct workload *workload_find(const char *name, unsigned *variant)
{
    for (size_t i = 0; workloads[i]; i++) {
        *variant = 0;
        if (strcmp(workloads[i]->name, name) == 0)
            return workloads[i];
        for (; *variant < workload_forms(workloads[i]); ++*variant) {
            char title[80];
            workload_title(workloads[i], *variant, title, sizeof title);
            if (strcmp(title, name) == 0)
                return workloads[i];
        }
    }
    return NULL;
}

static const char *const key_kinds[KEY_KINDS] = {"random", "sequential", "pointer"};

const char *key_kind_name(enum key_kind kind)
{
    return key_kinds[kind];
}

enum key_kind key_kind_named(const char *name)
{
    unsigned kind = 0;
    while (kind < KEY_KINDS && strcmp(key_kinds[kind], name) != 0)
        kind++;
    return (enum key_kind)kind;
}

uint64_t workload_generate(const struct workload *w, unsigned variant, uint64_t n, uint64_t seed,
                           enum key_kind keys, void (*emit)(void *, struct ht_op), void *arg)
{
    struct gen g = {.n = n,
                    .seed = seed,
                    .keys = keys,
                    .variant = variant,
                    .emit = emit,
                    .arg = arg,
                    .random = ht_mix(seed)};
    w->generate(&g);
    return g.marked ? g.mark : g.steps;
}

/* ---- for the generators ----------------------------------------------------- */

/* Ordinals of keys that are never put begin here. */
#define MISSES (UINT64_C(1) << 40)

static uint64_t key_of(const struct gen *g, uint64_t ordinal)
{
    switch (g->keys) {
    case KEYS_SEQUENTIAL:
        return ordinal;
    case KEYS_POINTER: /* 85 blocks of 48 bytes in a page of 4096, from a typical heap address */
        return UINT64_C(0x55d0c0de0000) + ordinal / 85 * 4096 + ordinal % 85 * 48;
    case KEYS_RANDOM:
    case KEY_KINDS:
        break;
    }
    return ht_mix(ordinal + ht_mix(g->seed)); /* a bijection: keys are unique */
}

void gen_step(struct gen *g, enum ht_kind kind, uint64_t argument)
{
    g->steps++;
    g->emit(g->arg, (struct ht_op){.kind = kind, .key = argument});
}

void gen_put(struct gen *g, uint64_t ordinal)
{
    gen_step(g, HT_PUT, key_of(g, ordinal));
}

void gen_get(struct gen *g, uint64_t ordinal)
{
    gen_step(g, HT_GET, key_of(g, ordinal));
}

void gen_del(struct gen *g, uint64_t ordinal)
{
    gen_step(g, HT_DEL, key_of(g, ordinal));
}

void gen_miss(struct gen *g, uint64_t which)
{
    gen_step(g, HT_GET, key_of(g, MISSES + which));
}

void gen_mark(struct gen *g)
{
    g->mark = g->steps;
    g->marked = true;
}

/* splitmix64, scaled by the multiply-shift of Lemire, "Fast random integer
 * generation in an interval", ACM TOMACS 29(1), 2019; its bias is below 2^-24
 * for the bounds in use. */
uint64_t gen_random(struct gen *g, uint64_t bound)
{
    CHECK(bound > 0);
    g->random += UINT64_C(0x9e3779b97f4a7c15);
    return (uint64_t)(((ht_u128)ht_mix(g->random) * bound) >> 64);
}

uint64_t *gen_shuffled(struct gen *g, uint64_t count)
{
    uint64_t *order = malloc((count ? count : 1) * sizeof *order);
    CHECK(order);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = gen_random(g, i + 1); /* inside-out Fisher-Yates */
        order[i] = order[at];
        order[at] = i;
    }
    return order;
}
