/* The verbs of the command line: tool/verb/NAME.c defines `const struct verb
 * verb_NAME`.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_VERB_H
#define EBB_VERB_H

struct verb {
    const char *name;
    const char *arguments;             /* "[--n N] WORKLOAD" */
    const char *summary;               /* one line */
    const char *help;                  /* the options, a line each; may be "" */
    int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
};

extern const struct verb *const verbs[]; /* generated from tool/verb; ended by NULL */

/* Exit statuses. */
enum { EBB_OK = 0, EBB_WRONG = 1, EBB_USAGE = 2 };

#endif
