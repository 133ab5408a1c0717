/* ebb pack: a trace as binary, with the model's checksums.
 *
 * SPDX-License-Identifier: MIT */
#include "say.h"
#include "verb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv)
{
    struct args args;
    if (!args_parse(&args, argc, argv, "output", ""))
        return EBB_USAGE;
    if (args.count != 1)
        return say("pack: name one trace, or - for standard input");
    char error[400];
    struct trace_reader *reader = trace_open(args.words[0], error, sizeof error);
    if (!reader)
        return say("%s", error);
    const char *output = args_get(&args, "output") ? args_get(&args, "output") : "-";
    struct trace_writer *writer = trace_create(output, TRACE_BINARY, NULL);
    if (!writer) {
        int status = say("%s: %s", output, strerror(errno));
        trace_close(reader);
        return status;
    }
    struct trace_block block;
    int more;
    while ((more = trace_next(reader, &block)) > 0)
        for (size_t i = 0; i < block.n; i++)
            trace_put(writer, block.ops[i]);
    int status = EBB_OK;
    if (more < 0) {
        status = say("%s", trace_error(reader));
        trace_abandon(writer);
    } else if (!trace_finish(writer, error, sizeof error)) {
        status = say("%s: %s", output, error);
    }
    trace_close(reader);
    return status;
}

const struct verb verb_pack = {
    .name = "pack",
    .arguments = "[--output FILE] TRACE",
    .summary = "write a trace in binary form, with checksums",
    .help = "  --output FILE  instead of standard output; compressed if it ends in .zst\n"
            "  TRACE          a file, or - for standard input\n",
    .run = run,
};
