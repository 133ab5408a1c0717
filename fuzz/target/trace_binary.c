/* trace_binary: the reader of binary traces on arbitrary bytes. Behind a right
 * magic and version the input's blocks get right hashes, or no input would ever
 * be decoded.
 *
 * SPDX-License-Identifier: MIT */
#include "target.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target_read_trace(data, size);
    if (size == 0)
        return 0;
    uint8_t *mended = malloc(size);
    if (!mended)
        return 0;
    memcpy(mended, data, size);
    trace_binary_mend(mended, size);
    target_read_trace(mended, size);
    free(mended);
    return 0;
}
