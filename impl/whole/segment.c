/* segment/follow: see segment/follow.h.
 *
 * It is no engine under a strategy: what a strategy decides with one number, the slots
 * of the table, is here decided a few buckets at a time and in what order.
 *
 * SPDX-License-Identifier: MIT */
#include "segment/operations.h"

SEGMENT_TABLE(ht_table_whole_segment, "segment", "follow");
