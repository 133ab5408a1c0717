/* The switch of mutant schemata: scripts/mutate writes it into copies of the headers
 * under impl/.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_SWITCH_H
#define EBB_SWITCH_H

enum { MUTANTS_MAX = 8192 };

/* The mutant that is on, 0 for none; environment EBB_MUTANT sets it at the start. */
extern unsigned mutant_on;

/* Which have been reached since somebody wiped this. */
extern unsigned char mutant_reached[MUTANTS_MAX];

#define MUTANT(number) (mutant_reached[number] = 1, mutant_on == (number))

#endif
