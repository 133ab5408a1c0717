/* ebb: the command line. Finds the verb, serves --help, and leaves the rest to
 * tool/verb/NAME.c.
 *
 * SPDX-License-Identifier: MIT */
#include "say.h"
#include "stream.h"
#include "verb.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void help_all(FILE *to)
{
    (void)fputs("ebb: what deletion costs a hash table, and which tables give memory back\n\n"
                "usage: ebb VERB [OPTION ...] [ARGUMENT ...]\n\n",
                to);
    for (size_t i = 0; verbs[i]; i++)
        (void)fprintf(to, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    (void)fputs("\n`ebb VERB --help` tells the options of a verb; `ebb --version` the version.\n"
                "Exit status: 0 good, 1 a table is wrong, 2 wrong usage or input.\n",
                to);
}

static void help_verb(const struct verb *verb)
{
    (void)printf("usage: ebb %s %s\n\n%s\n%s%s", verb->name, verb->arguments, verb->summary,
                 *verb->help ? "\n" : "", verb->help);
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; verbs[i]; i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}

/* What was not complete is no trace: it goes, and the signal ends us as it would have. */
static void stop(int number)
{
    const char *path = stream_unfinished;
    if (path)
        (void)unlink(path);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* Who was started to ignore a signal goes on to. */
static void on_stop(int number)
{
    if (signal(number, stop) == SIG_IGN)
        (void)signal(number, SIG_IGN);
}

int main(int argc, char **argv)
{
    on_stop(SIGINT);
    on_stop(SIGTERM);
    if (argc < 2) {
        help_all(stderr);
        return EBB_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help_all(stdout);
        return flush_output() ? EBB_OK : EBB_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts("ebb " EBB_VERSION);
        return flush_output() ? EBB_OK : EBB_USAGE;
    }
    const struct verb *verb = find_verb(argv[1]);
    if (!verb) {
        char known[400] = "";
        for (size_t i = 0; verbs[i]; i++) {
            size_t at = strlen(known);
            (void)snprintf(known + at, sizeof known - at, " %s", verbs[i]->name);
        }
        return say("unknown verb '%s' (known:%s)", argv[1], known);
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            help_verb(verb);
            return flush_output() ? EBB_OK : EBB_USAGE;
        }
    }
    int status = verb->run(argc - 1, argv + 1);
    return flush_output() ? status : EBB_USAGE;
}
