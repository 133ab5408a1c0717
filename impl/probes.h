/* Slots probed: counted exactly in a checked build (HT_CHECKED), and not at all
 * where tables are timed, since counting would change what is timed.
 *
 * A probe is one look at a slot, or at the slots that are compared at once, on
 * behalf of one key: by a lookup, by a rebuild that looks for a place, or by an
 * erase that closes its hole. Visits of whole tables are counted apart
 * (ht_stats.visited). Peers do not count.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PROBES_H
#define EBB_PROBES_H

#include <stdint.h>

#ifdef HT_CHECKED
/* By all tables of the process, ever: who wants a step's takes the difference. */
extern uint64_t ht_probes;
#define HT_PROBE() ((void)ht_probes++)
#else
enum { ht_probes = 0 };
#define HT_PROBE() ((void)0)
#endif

#endif
