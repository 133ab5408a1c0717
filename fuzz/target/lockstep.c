/* lockstep: all strategies of one engine on one trace. Since each is compared with
 * the model at every step, their answers agree; each keeps its own promise.
 *
 * SPDX-License-Identifier: MIT */
#include "input.h"
#include "target.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    if (input_read(&in, INPUT_PLAIN, data, size)) {
        const char *engine = in.options.table->engine;
        for (size_t i = 0; input_table(i); i++) {
            in.options.table = input_table(i);
            if (strcmp(in.options.table->engine, engine) == 0)
                input_replay(&in);
        }
    }
    input_free(&in);
    return 0;
}
