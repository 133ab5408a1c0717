/* What differs between the dicts of CPython versions, as far as sizes go.
 *
 * Sizes in bytes, 64-bit builds without free threading, 64-bit integer keys.
 * Origin: Objects/dictobject.c, Objects/dict-common.h and Include/objimpl.h of
 * the versions named; every row but 3.6.0-3.7.3 was compared with the sizes a
 * real interpreter of that row reports (impl/test/cpython_live.py does it again).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_CPYTHON_PROFILE_H
#define EBB_CPYTHON_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

struct cpython_profile {
    const char *versions; /* "3.7.0-3.7.3" */
    unsigned first, last; /* both ends, as CPYTHON_VERSION(major, minor, micro) */
    unsigned gc_header;   /* of the garbage collector, before the object */
    unsigned keys_header; /* before the index, in the same block */
    bool grows_by_half;   /* a full log asks for 2 * live + slots / 2 slots, not 3 * live */
    bool new_has_slots;   /* {} has 8 slots, not the static empty keys */
    bool call_has_slots;  /* dict() has 8 slots */
    bool copy_clones;     /* copy() clones while at least two thirds of the log are live */
    bool call_clones;     /* dict(d) and copy() clone a dict without holes that is half full */
    bool or_rounding;     /* the power of two is sought for (request | 8), which oversizes */
    bool measured;        /* compared with a real interpreter; else from its source alone */
};

#define CPYTHON_VERSION(major, minor, micro) ((major) << 16 | (minor) << 8 | (micro))

enum { CPYTHON_OBJECT = 48, CPYTHON_LEAST = 8, CPYTHON_ENTRY = 24 };

extern const struct cpython_profile cpython_profiles[];
extern const unsigned cpython_profile_count;

/* Index of 3.7.0-3.7.3, whose figures the article quotes. */
enum { CPYTHON_DEFAULT = 2 };

/* The profile of a version such as "3.8", "3.7.4"; a version without its last
 * number is that of its first release. -1: malformed or unknown; -2: newer than
 * what was tested. */
int cpython_find(const char *version);

#endif
