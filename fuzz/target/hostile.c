/* hostile: as differential, under hashes as an attacker or a careless user would
 * have them: the key itself, one of two values, one value, a few bits. Answers and
 * bytes must not suffer, and no step may probe or move more than the promise of
 * work allows.
 *
 * SPDX-License-Identifier: MIT */
#include "input.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    if (input_read(&in, INPUT_HOSTILE, data, size))
        input_replay(&in);
    input_free(&in);
    return 0;
}
