/* ebb tables: one line a table.
 *
 * SPDX-License-Identifier: MIT */
#include "promise.h"
#include "say.h"
#include "verb.h"

#include <stdio.h>

static const struct {
    unsigned trait;
    const char *name;
} traits[] = {{HT_ORDERED, "ordered"},
              {HT_DEAD_SLOTS, "leaves-dead-slots"},
              {HT_MOVES, "erase-moves"},
              {HT_PROFILED, "cpython-profile"},
              {HT_NEEDS_MEMORY, "dies-without-memory"},
              {HT_NO_COMPACT, "no-compact"},
              {HT_NO_COPY, "no-copy"},
              {HT_NO_RESERVE, "no-reserve"},
              {HT_UNCOUNTED, "bytes-estimated"},
              {HT_SILENT, "answers-nothing"},
              {HT_MANY, "batched-lookup"}};

static void print_traits(unsigned of)
{
    bool any = false;
    for (size_t i = 0; i < sizeof traits / sizeof *traits; i++) {
        if (!(of & traits[i].trait))
            continue;
        (void)printf("%s%s", any ? "," : "", traits[i].name);
        any = true;
    }
    if (!any)
        (void)fputs("-", stdout);
}

static int run(int argc, char **argv)
{
    struct args args;
    if (!args_parse(&args, argc, argv, "", ""))
        return EBB_USAGE;
    if (args.count)
        return say("tables: takes no argument, got '%s'", args.words[0]);
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *t = ht_tables[i];
        if (t->absent)
            continue;
        (void)printf("%s\t%s\t", t->name, t->summary);
        print_traits(t->traits);
        (void)printf("\t%s\n", t->promise ? t->promise->words : "promises nothing");
    }
    for (size_t i = 0; ht_tables[i]; i++)
        if (ht_tables[i]->absent)
            (void)printf("# %s does not exist: it %s\n", ht_tables[i]->name, ht_tables[i]->absent);
    for (size_t i = 0; ht_skipped[i]; i++)
        (void)printf("# skipped %s\n", ht_skipped[i]);
    return EBB_OK;
}

const struct verb verb_tables = {
    .name = "tables",
    .arguments = "",
    .summary = "every table: name, what it does, traits, promise (separated by tabs)",
    .help = "",
    .run = run,
};
