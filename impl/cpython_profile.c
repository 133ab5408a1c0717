/* The profiles of CPython versions; see cpython_profile.h.
 *
 * SPDX-License-Identifier: MIT */
#include "cpython_profile.h"

#define V CPYTHON_VERSION

/* clang-format off */
const struct cpython_profile cpython_profiles[] = {
    {"3.6.0-3.6.9", V(3, 6, 0), V(3, 6, 9), 24, 40, .grows_by_half = true, .new_has_slots = true,
     .call_has_slots = true},
    {"3.6.10-3.6.15", V(3, 6, 10), V(3, 6, 255), 32, 40, .grows_by_half = true, .new_has_slots = true,
     .call_has_slots = true, .measured = true},
    {"3.7.0-3.7.3", V(3, 7, 0), V(3, 7, 3), 24, 40, .new_has_slots = true, .call_has_slots = true,
     .copy_clones = true},
    {"3.7.4-3.7.17", V(3, 7, 4), V(3, 7, 255), 32, 40, .new_has_slots = true, .call_has_slots = true,
     .copy_clones = true, .measured = true},
    {"3.8", V(3, 8, 0), V(3, 8, 255), 16, 40, .call_has_slots = true, .copy_clones = true,
     .measured = true},
    {"3.9", V(3, 9, 0), V(3, 9, 255), 16, 40, .call_has_slots = true, .copy_clones = true,
     .measured = true},
    {"3.10", V(3, 10, 0), V(3, 10, 255), 16, 40, .copy_clones = true, .call_clones = true,
     .or_rounding = true, .measured = true},
    {"3.11-3.13", V(3, 11, 0), V(3, 13, 255), 16, 32, .copy_clones = true, .call_clones = true,
     .or_rounding = true, .measured = true},
};
/* clang-format on */
const unsigned cpython_profile_count = sizeof cpython_profiles / sizeof *cpython_profiles;

/* A number of one or two digits at *at, which moves behind it. */
static bool take_number(const char **at, unsigned *number)
{
    const char *from = *at;
    for (*number = 0; **at >= '0' && **at <= '9' && *at - from < 2; ++*at)
        *number = *number * 10 + (unsigned)(**at - '0');
    return *at != from;
}

int cpython_find(const char *version)
{
    unsigned numbers[3] = {0};
    const char *at = version;
    for (int i = 0; i < 3; i++) {
        if (!take_number(&at, &numbers[i]))
            return -1;
        if (*at == '\0' && i > 0)
            break;
        if (i == 2 || *at++ != '.')
            return -1;
    }
    unsigned wanted = V(numbers[0], numbers[1], numbers[2]);
    for (unsigned i = 0; i < cpython_profile_count; i++)
        if (wanted >= cpython_profiles[i].first && wanted <= cpython_profiles[i].last)
            return (int)i;
    return wanted > cpython_profiles[cpython_profile_count - 1].last ? -2 : -1;
}
