/* The counter of probes; see probes.h.
 *
 * SPDX-License-Identifier: MIT */
#include "probes.h"

#ifdef HT_CHECKED
uint64_t ht_probes;
#endif
