/* Files and folders named on a command line; see files.h.
 *
 * SPDX-License-Identifier: MIT */
#include "files.h"

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 1 << 20 };

static size_t take_file(const char *path, void (*take)(const uint8_t *, size_t))
{
    static uint8_t bytes[FILE_MOST];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    size_t n = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    uint8_t *exact = malloc(n ? n : 1); /* so that reading past the end is seen */
    CHECK(exact);
    memcpy(exact, bytes, n);
    take(exact, n);
    free(exact);
    return 1;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

size_t files_each(int count, char **names, void (*take)(const uint8_t *, size_t))
{
    size_t taken = 0;
    for (int i = 0; i < count; i++) {
        struct dirent **entries;
        int found = scandir(names[i], &entries, is_shown, alphasort);
        if (found < 0) {
            taken += take_file(names[i], take);
            continue;
        }
        for (int e = 0; e < found; e++) {
            char path[4096];
            (void)snprintf(path, sizeof path, "%s/%s", names[i], entries[e]->d_name);
            taken += take_file(path, take);
            free(entries[e]);
        }
        free((void *)entries);
    }
    return taken;
}
