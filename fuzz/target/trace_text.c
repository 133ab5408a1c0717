/* trace_text: the reader of text traces on arbitrary bytes: an error or steps that
 * survive being written and read again, never a crash.
 *
 * SPDX-License-Identifier: MIT */
#include "target.h"
#include "trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target_read_trace(data, size);
    return 0;
}
