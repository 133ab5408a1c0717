/* differential: one table against the model. Every answer, check(), bytes against
 * the allocator's count, and bytes and moves against the promise.
 *
 * SPDX-License-Identifier: MIT */
#include "input.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    if (input_read(&in, INPUT_PLAIN, data, size))
        input_replay(&in);
    input_free(&in);
    return 0;
}
