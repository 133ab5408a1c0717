/* What a cell measured; see record.h.
 *
 * SPDX-License-Identifier: MIT */
#include "record.h"

#include <inttypes.h>

void record_heading(FILE *csv)
{
    (void)fputs("cell,arm,step,live,held,peak,bound\n", csv);
}

/* The live entries are the same for every arm: written once, as the arm "live". */
static void record_live(FILE *csv, const struct cell *c)
{
    for (size_t s = 0; s < c->slices; s++)
        (void)fprintf(csv, "%s/%" PRIu64 ",live,%" PRIu64 ",%zu,,,\n", c->title, c->n,
                      c->edges[s + 1], c->arms[0].points[s].live);
}

static bool same(const struct point *a, const struct point *b)
{
    return a->held == b->held && a->peak == b->peak && a->bound == b->bound;
}

static void record_arm(FILE *csv, const struct cell *c, const struct arm *arm)
{
    for (size_t s = 0; s < c->slices; s++) {
        const struct point *p = &arm->points[s];
        if (s > 0 && s + 1 < c->slices && same(p, p - 1))
            continue;
        (void)fprintf(csv, "%s/%" PRIu64 ",%s,%" PRIu64 ",,%zu,%zu,", c->title, c->n, arm->name,
                      c->edges[s + 1], p->held, p->peak);
        if (c->one_table && arm->table->promise)
            (void)fprintf(csv, "%zu", p->bound);
        (void)fputc('\n', csv);
    }
}

void record_cell(FILE *csv, const struct cell *c)
{
    if (!c->error[0])
        record_live(csv, c);
    for (size_t a = 0; a < c->arm_count; a++) {
        const struct arm *arm = &c->arms[a];
        if (arm->rounds && arm->kind == ARM_TABLE && !(arm->table->traits & HT_SILENT))
            record_arm(csv, c, arm);
    }
}

void record_rounds_heading(FILE *csv)
{
    (void)fputs("cell,arm,round,place,copies,ns,after_ns,switches\n", csv);
}

void record_rounds(FILE *csv, const struct cell *c)
{
    char name[240];
    cell_name(c, name, sizeof name);
    for (size_t a = 0; a < c->arm_count; a++) {
        const struct arm *arm = &c->arms[a];
        for (unsigned r = 0; r < arm->rounds && !arm->error[0]; r++)
            (void)fprintf(csv, "%s,%s,%u,%u,%u,%.0f,%.0f,%" PRIu64 "\n", name, arm->name, r,
                          arm->place[r], c->copies, arm->kind == ARM_TABLE ? arm->ns[r] : 0.0,
                          arm->after_ns[r], arm->switches[r]);
    }
}
