/* Finding tables by name; see ht.h.
 *
 * SPDX-License-Identifier: MIT */
#include "ht.h"

#include <fnmatch.h>
#include <string.h>

const struct ht_table *ht_find_table(const char *name)
{
    for (size_t i = 0; ht_tables[i]; i++)
        if (!ht_tables[i]->absent && strcmp(ht_tables[i]->name, name) == 0)
            return ht_tables[i];
    return NULL;
}

bool ht_glob(const char *pattern, const char *name)
{
    return !pattern || fnmatch(pattern, name, 0) == 0;
}

bool ht_is_peer(const struct ht_table *t)
{
    return strcmp(t->engine, "peer") == 0 && !(t->traits & HT_SILENT);
}
