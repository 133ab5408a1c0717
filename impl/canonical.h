/* One image for all states that behave alike: values do not matter to a table, nor
 * which of several keys of the same hash it holds.
 *
 * The explorer's values carry a mark and the number of the step that stored them, so
 * they are found in an image; an entry's key is the word before its value. Keys of
 * one class (the same hash, and deleted by the same `retain`s) are renamed by the
 * order in which they appear: a permutation within each class, under which every
 * operation's effect is permuted too.
 *
 * Origin: data independence (Wolper, POPL 1986); symmetry reduction (Ip and Dill,
 * Formal Methods in System Design 9, 1996).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CANONICAL_H
#define EBB_CANONICAL_H

#include "reference.h"

/* The value that step number n stores is VALUE_MARK | n. */
#define VALUE_MARK UINT64_C(0xa5c396e17b2d4f00)
enum { VALUE_STEPS = 256 };

struct canonical {
    unsigned keys;
    bool renames;                        /* some class has two keys, and images show them */
    bool renamed;                        /* some key has been */
    unsigned char same[REFERENCE_KEYS];  /* the smallest key of each key's class */
    unsigned char after[REFERENCE_KEYS]; /* the next key of its class, or REFERENCE_KEYS */
};

/* Classes of keys 0 to keys - 1 under a seed, where `retain` is tried with each modulus
 * from 1 to `moduli`. */
void canonical_start(struct canonical *, unsigned keys, uint64_t seed, unsigned moduli);

/* Makes an image canonical. keys[n] is the key that step n put. Writes what each live
 * key was renamed to into `name`. */
void canonical_image(struct canonical *, unsigned char *image, size_t length,
                     const unsigned char keys[VALUE_STEPS], unsigned char name[REFERENCE_KEYS]);

#endif
