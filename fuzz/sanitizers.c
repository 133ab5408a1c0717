/* What AddressSanitizer is told where its user says nothing (ASAN_OPTIONS comes after it).
 *
 * Freed blocks are kept from reuse until so many MB are freed. A table's block is freed and, if at
 * all, wrongly used within one input, which frees some KB; 1 MB stays in the cache, and a target
 * does a tenth more than with 256.
 *
 * SPDX-License-Identifier: MIT */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=1";
}
