/* no_memory: as differential, while allocations fail: one, or all from one on. A
 * failed step leaves contents, bytes and slots as they were, and may fail only
 * when the allocator did.
 *
 * SPDX-License-Identifier: MIT */
#include "input.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    if (input_read(&in, INPUT_NO_MEMORY, data, size) &&
        !(in.options.table->traits & HT_NEEDS_MEMORY))
        input_replay(&in);
    input_free(&in);
    return 0;
}
