/* How the command line speaks of errors, and reads its options.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_SAY_H
#define EBB_SAY_H

#include "ht.h"
#include "workload.h"

#include <stdbool.h>
#include <stdint.h>

/* "ebb: ..." on standard error. Returns EBB_USAGE. */
__attribute__((format(printf, 1, 2))) int say(const char *format, ...);

/* Options of a verb: "--name VALUE" or "--name=VALUE", and "--flag". The rest
 * are its arguments, in order. */
struct args {
    int count;
    char *words[64];
    struct {
        const char *name;
        const char *value; /* "" for a flag */
    } options[32];
    int option_count;
};

/* `valued` and `flags` are the names known, separated by spaces. Returns false
 * after saying what is wrong; asks for help with "--help" are served by ebb.c. */
bool args_parse(struct args *, int argc, char **argv, const char *valued, const char *flags);

/* The value of an option, or NULL. */
const char *args_get(const struct args *, const char *name);

/* A whole number of at least `least` and at most `most`; false after saying what is wrong. */
bool args_number(const struct args *, const char *name, uint64_t least, uint64_t most,
                 uint64_t *number);

/* The seed of --seed, which asks for the profile of --hash where the build has them;
 * `seed` is the default. False after saying what is wrong. */
bool args_seed(const struct args *, uint64_t *seed);

/* The profile of --cpython; leaves `profile` alone without it. */
bool args_cpython(const struct args *, unsigned *profile);

/* Writing to standard output went well: else says so and returns false. */
bool flush_output(void);

/* Names of all tables, or of all workloads, as one line to say. */
const char *known_tables(void);
const char *known_workloads(void);

#endif
