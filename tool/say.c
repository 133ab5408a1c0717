/* Errors and options of the command line; see say.h.
 *
 * SPDX-License-Identifier: MIT */
#include "say.h"

#include "cpython_profile.h"
#include "hash.h"
#include "verb.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int say(const char *format, ...)
{
    va_list args;
    (void)fflush(stdout);
    (void)fputs("ebb: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    return EBB_USAGE;
}

/* Is `word` (of this length) among the space-separated `words`? */
static bool among(const char *words, const char *word, size_t length)
{
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        if (n == length && memcmp(at, word, n) == 0)
            return true;
        at += n;
    }
    return false;
}

static bool add_option(struct args *a, const char *name, const char *value)
{
    if (a->option_count == sizeof a->options / sizeof *a->options) {
        (void)say("too many options");
        return false;
    }
    a->options[a->option_count].name = name;
    a->options[a->option_count++].value = value;
    return true;
}

bool args_parse(struct args *a, int argc, char **argv, const char *valued, const char *flags)
{
    *a = (struct args){0};
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];
        if (strncmp(word, "--", 2) != 0) {
            if (a->count == sizeof a->words / sizeof *a->words) {
                (void)say("too many arguments");
                return false;
            }
            a->words[a->count++] = word;
            continue;
        }
        char *name = word + 2, *equals = strchr(name, '=');
        size_t length = equals ? (size_t)(equals - name) : strlen(name);
        const char *value;
        if (among(flags, name, length) && !equals) {
            value = "";
        } else if (!*valued && !*flags) {
            (void)say("%s: takes no option, got --%.*s", argv[0], (int)length, name);
            return false;
        } else if (!among(valued, name, length)) {
            (void)say("%s: unknown option --%.*s (known:%s%s%s%s)", argv[0], (int)length, name,
                      *valued ? " " : "", valued, *flags ? " " : "", flags);
            return false;
        } else if (equals) {
            *equals = '\0';
            value = equals + 1;
        } else if (i + 1 < argc) {
            value = argv[++i];
        } else {
            (void)say("%s: --%s needs a value", argv[0], name);
            return false;
        }
        if (!add_option(a, name, value))
            return false;
    }
    return true;
}

const char *args_get(const struct args *a, const char *name)
{
    const char *value = NULL;
    for (int i = 0; i < a->option_count; i++)
        if (strcmp(a->options[i].name, name) == 0)
            value = a->options[i].value;
    return value;
}

bool args_number(const struct args *a, const char *name, uint64_t least, uint64_t most,
                 uint64_t *number)
{
    const char *value = args_get(a, name);
    if (!value)
        return true;
    char *end;
    errno = 0;
    unsigned long long n = strtoull(value, &end, 10);
    if (errno || *value < '0' || *value > '9' || *end || n < least || n > most) {
        (void)say("--%s %s: not a whole number from %llu to %llu", name, value,
                  (unsigned long long)least, (unsigned long long)most);
        return false;
    }
    *number = n;
    return true;
}

bool args_seed(const struct args *a, uint64_t *seed)
{
    const char *name = args_get(a, "hash");
    if (!args_number(a, "seed", 0, (UINT64_C(1) << HT_HASH_SHIFT) - 1, seed))
        return false;
    if (!name)
        return true;
    char known[100] = "";
    for (unsigned i = 0; i < HT_HASH_PROFILES; i++) {
        if (strcmp(name, ht_hash_names[i]) == 0) {
            *seed = ht_seed((enum ht_hash_profile)i, *seed);
#ifndef HT_CHECKED
            if (i != HT_HASH_GOOD) {
                (void)say("--hash %s: this build has the good hash only (the presets count and "
                          "explore have all)",
                          name);
                return false;
            }
#endif
            return true;
        }
        size_t at = strlen(known);
        (void)snprintf(known + at, sizeof known - at, " %s", ht_hash_names[i]);
    }
    (void)say("--hash %s: unknown (known:%s)", name, known);
    return false;
}

bool args_cpython(const struct args *a, unsigned *profile)
{
    const char *version = args_get(a, "cpython");
    if (!version)
        return true;
    int found = cpython_find(version);
    if (found >= 0) {
        *profile = (unsigned)found;
        return true;
    }
    char known[200] = "";
    for (unsigned i = 0; i < cpython_profile_count; i++) {
        size_t at = strlen(known);
        (void)snprintf(known + at, sizeof known - at, " %s", cpython_profiles[i].versions);
    }
    (void)say("--cpython %s: %s (known:%s)", version,
              found == -2 ? "untested, newer than what was compared with a real interpreter"
                          : "unknown version",
              known);
    return false;
}

bool flush_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    (void)say("standard output: %s", strerror(errno));
    return false;
}

static char line[4000];

static void add_word(const char *word)
{
    size_t at = strlen(line);
    (void)snprintf(line + at, sizeof line - at, "%s%s", at ? " " : "", word);
}

const char *known_tables(void)
{
    line[0] = '\0';
    for (size_t i = 0; ht_tables[i]; i++)
        if (!ht_tables[i]->absent)
            add_word(ht_tables[i]->name);
    return line;
}

const char *known_workloads(void)
{
    line[0] = '\0';
    for (size_t i = 0; workloads[i]; i++) {
        for (unsigned v = 0; v < workload_forms(workloads[i]); v++) {
            char title[80];
            workload_title(workloads[i], v, title, sizeof title);
            add_word(title);
        }
    }
    return line;
}
