/* Marks for callgrind, where its header is installed: what runs between two toggles is
 * counted, a dump names it (scripts/count.py reads it). Without the header they do nothing.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_MARK_H
#define EBB_MARK_H

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define CAN_MARK 1
#else
#define CAN_MARK 0
#define CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_DUMP_STATS_AT(title) (void)(title)
#endif

#endif
