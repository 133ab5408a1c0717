/* Reading a fuzzer's bytes as a trace; see target.h.
 *
 * SPDX-License-Identifier: MIT */
#include "check.h"
#include "target.h"
#include "trace.h"

#include <string.h>

void target_read_trace(const uint8_t *data, size_t size)
{
    if (size == 0)
        return;
    struct trace_reader *r = trace_open_bytes(data, size);
    struct trace_block block;
    uint64_t steps = 0;
    int more;
    while ((more = trace_next(r, &block)) > 0) {
        CHECK(block.first == steps && block.n > 0 && block.n <= TRACE_BLOCK);
        for (size_t i = 0; i < block.n; i++)
            CHECK(block.ops[i].kind < HT_KINDS && !trace_step_error(block.ops[i]));
        steps += block.n;
    }
    CHECK((more < 0) == (strlen(trace_error(r)) > 0));
    trace_close(r);
}
