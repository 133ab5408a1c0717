/* One image for all states that behave alike; see canonical.h.
 *
 * SPDX-License-Identifier: MIT */
#include "canonical.h"

#include "check.h"
#include "hash.h"

#include <string.h>

static bool alike(uint64_t a, uint64_t b, uint64_t seed, unsigned moduli)
{
    for (unsigned m = 1; m <= moduli; m++)
        if (ht_retain_deletes(a, m) != ht_retain_deletes(b, m))
            return false;
    return ht_hash(a, seed) == ht_hash(b, seed);
}

void canonical_start(struct canonical *c, unsigned keys, uint64_t seed, unsigned moduli)
{
    *c = (struct canonical){.keys = keys};
    for (unsigned key = 0; key < keys; key++) {
        unsigned before = key;
        while (before > 0 && !alike(before - 1, key, seed, moduli))
            before--;
        c->same[key] = before ? c->same[before - 1] : (unsigned char)key;
        c->after[key] = REFERENCE_KEYS;
        if (!before)
            continue;
        c->after[before - 1] = (unsigned char)key;
        c->renames = true;
    }
}

/* The names that are left of each class, by its smallest key. */
struct names {
    unsigned char next[REFERENCE_KEYS];
    bool given[REFERENCE_KEYS];
};

static unsigned char name_of(const struct canonical *c, struct names *names, unsigned key,
                             unsigned char *name)
{
    unsigned char *next = &names->next[c->same[key]];
    if (!names->given[key]) {
        name[key] = *next;
        *next = c->after[*next];
        names->given[key] = true;
    }
    return name[key];
}

/* Renames the key before the value at `value`. An engine whose images keep keys elsewhere
 * shows it with the first entry there ever is, and is then searched without renaming. */
static void rename_key(struct canonical *c, struct names *names, unsigned char *image, size_t value,
                       unsigned key, unsigned char *name)
{
    uint64_t word = UINT64_MAX;
    if (!c->renames)
        return;
    if (value >= sizeof word)
        memcpy(&word, image + value - sizeof word, sizeof word);
    if (word != key) {
        CHECK(!c->renamed); /* or some keys would be renamed and others not */
        c->renames = false;
        return;
    }
    c->renamed = true;
    word = name_of(c, names, key, name);
    memcpy(image + value - sizeof word, &word, sizeof word);
}

void canonical_image(struct canonical *c, unsigned char *image, size_t length,
                     const unsigned char keys[VALUE_STEPS], unsigned char name[REFERENCE_KEYS])
{
    struct names names = {0};
    for (unsigned key = 0; key < REFERENCE_KEYS; key++)
        name[key] = names.next[key] = (unsigned char)key;
    uint64_t word;
    for (size_t i = 0; i + sizeof word <= length; i++) {
        memcpy(&word, image + i, sizeof word);
        if ((word & ~UINT64_C(0xff)) != VALUE_MARK)
            continue;
        rename_key(c, &names, image, i, keys[word & 0xff], name);
        word = VALUE_MARK;
        memcpy(image + i, &word, sizeof word);
        i += sizeof word - 1;
    }
}
