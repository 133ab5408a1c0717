/* The switch of mutant schemata; see switch.h.
 *
 * SPDX-License-Identifier: MIT */
#include "mutants/switch.h"

#include <stdlib.h>

unsigned mutant_on;
unsigned char mutant_reached[MUTANTS_MAX];

__attribute__((constructor)) static void read_environment(void)
{
    const char *value = getenv("EBB_MUTANT");
    mutant_on = value ? (unsigned)strtoul(value, NULL, 10) : 0;
}
