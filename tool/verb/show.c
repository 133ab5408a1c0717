/* ebb show: a trace as text.
 *
 * SPDX-License-Identifier: MIT */
#include "say.h"
#include "verb.h"

#include <stdio.h>

static int run(int argc, char **argv)
{
    struct args args;
    if (!args_parse(&args, argc, argv, "", ""))
        return EBB_USAGE;
    if (args.count != 1)
        return say("show: name one trace, or - for standard input");
    char error[400];
    struct trace_reader *reader = trace_open(args.words[0], error, sizeof error);
    if (!reader)
        return say("%s", error);
    struct trace_writer *writer = trace_create("-", TRACE_TEXT, NULL);
    struct trace_block block;
    int more;
    while ((more = trace_next(reader, &block)) > 0)
        for (size_t i = 0; i < block.n; i++)
            trace_put(writer, block.ops[i]);
    int status = EBB_OK;
    if (!trace_finish(writer, error, sizeof error))
        status = say("standard output: %s", error);
    else if (more < 0)
        status = say("%s", trace_error(reader));
    trace_close(reader);
    return status;
}

const struct verb verb_show = {
    .name = "show",
    .arguments = "TRACE",
    .summary = "print a trace, binary or text, as text",
    .help = "  TRACE  a file, or - for standard input; may be compressed with zstd\n",
    .run = run,
};
