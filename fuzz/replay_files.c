/* main() for a target without a fuzzer: replays the files and folders named.
 *
 * usage: replay_TARGET FILE|FOLDER ...
 *
 * SPDX-License-Identifier: MIT */
#include "target.h"

#include "check.h"

#include <dirent.h>
#include <string.h>

static size_t replayed;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    static uint8_t bytes[1 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    uint8_t *exact = malloc(n + 1); /* so that reading past the end is seen */
    CHECK(exact);
    memcpy(exact, bytes, n);
    (void)LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    replayed++;
}

static void replay_folder(const char *path, DIR *folder)
{
    const struct dirent *entry;
    while ((entry = readdir(folder))) {
        char file[4096];
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        replay_file(file);
    }
    (void)closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder)
            replay_folder(argv[i], folder);
        else
            replay_file(argv[i]);
    }
    (void)printf("%zu inputs replayed\n", replayed);
    return replayed ? 0 : 2;
}
