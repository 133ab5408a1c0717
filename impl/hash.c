/* Names of the hash profiles; see hash.h.
 *
 * SPDX-License-Identifier: MIT */
#include "hash.h"

const char *const ht_hash_names[HT_HASH_PROFILES] = {"good", "identity", "two", "constant",
                                                     "few-bits"};
