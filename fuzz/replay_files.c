/* main() for a target without a fuzzer: replays the files and folders named.
 *
 * usage: replay_TARGET FILE|FOLDER ...
 *
 * SPDX-License-Identifier: MIT */
#include "files.h"
#include "target.h"

#include <stdio.h>

static void replay_file(const uint8_t *bytes, size_t n)
{
    (void)LLVMFuzzerTestOneInput(bytes, n);
}

int main(int argc, char **argv)
{
    size_t replayed = files_each(argc - 1, argv + 1, replay_file);
    (void)printf("%zu inputs replayed\n", replayed);
    return replayed ? 0 : 2;
}
