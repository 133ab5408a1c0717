/* A step from one byte, as fuzzers write them; see trace_decode.
 *
 * Gets, puts and dels take most of the byte's range, so that most steps change something.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_TRACE_BYTES_H
#define EBB_TRACE_BYTES_H

#include "ht.h"

static inline enum ht_kind trace_byte_kind(unsigned char byte)
{
    static const enum ht_kind by_nibble[16] = {
        HT_PUT, HT_PUT, HT_PUT, HT_PUT,   HT_PUT,    HT_DEL,    HT_DEL,  HT_DEL,
        HT_DEL, HT_GET, HT_POP, HT_CLEAR, HT_RETAIN, HT_RETAIN, HT_SCAN, HT_KINDS};
    static const enum ht_kind rare[16] = {HT_COMPACT, HT_COPY,    HT_REBUILD_COPY, HT_RESERVE,
                                          HT_RESERVE, HT_TICK,    HT_HOLD,         HT_RESUME,
                                          HT_RESUME,  HT_COMPACT, HT_COPY,         HT_CLEAR,
                                          HT_USE,     HT_USE,     HT_DROP,         HT_SCAN};
    enum ht_kind kind = by_nibble[byte & 15];
    return kind == HT_KINDS ? rare[byte >> 4] : kind;
}

enum trace_byte { TRACE_BYTE_PUT = 0, TRACE_BYTE_DEL = 5 };

/* The byte of the step that undoes a put or a del: a del or a put. Others stay. */
static inline unsigned char trace_byte_undo(unsigned char byte)
{
    enum ht_kind kind = trace_byte_kind(byte);
    return kind == HT_PUT ? TRACE_BYTE_DEL : kind == HT_DEL ? TRACE_BYTE_PUT : byte;
}

#endif
