/* One table in a process of its own; see subject.h.
 *
 * SPDX-License-Identifier: MIT */
#include "subject.h"

#include "check.h"
#include "hash.h"
#include "say.h"
#include "verb.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void subject_start(struct subject *s)
{
    const struct ht_config config = {.seed = 1};
    ht_mem_init(&s->mem);
    ht_set_init(&s->set, s->table, &s->mem, &config);
    s->t = ht_set_current(&s->set);
    CHECK(s->t);
}

void subject_end(struct subject *s)
{
    ht_set_free(&s->set);
    CHECK(s->mem.live == 0);
}

uint64_t subject_cpu_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t *subject_order(uint64_t n)
{
    uint64_t *order = calloc(n, sizeof *order);
    CHECK(order);
    for (uint64_t i = 0; i < n; i++) {
        uint64_t j = ht_mix(n + i) % (i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    return order;
}

void subject_shuffle(uint64_t *items, uint64_t n)
{
    uint64_t *order = subject_order(n);
    for (uint64_t i = 0; i < n; i++)
        order[i] = items[order[i]];
    memcpy(items, order, n * sizeof *order);
    free(order);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double subject_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* In a child process; what it prints goes through a buffer that a crash takes with it. */
static int measure_apart(const struct ht_table *table, uint64_t n,
                         void (*measure)(const struct ht_table *, uint64_t))
{
    int status;
    (void)printf("%s\t%" PRIu64, table->name, n);
    (void)fflush(stdout);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        static char buffer[4096];
        (void)setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
        measure(table, n);
        (void)fflush(stdout);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status))
        (void)printf("\tkilled by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status))
        (void)printf("\tended with status %d", WEXITSTATUS(status));
    (void)printf("\n");
    return status == 0 ? EBB_OK : EBB_WRONG;
}

int subjects_measure(const char *glob, bool (*wanted)(const struct ht_table *), uint64_t n,
                     const char *heading, void (*measure)(const struct ht_table *, uint64_t))
{
    int worst = EBB_OK;
    bool any = false;
    for (size_t i = 0; ht_tables[i]; i++) {
        const struct ht_table *t = ht_tables[i];
        if (t->absent || t->traits & HT_SILENT || !ht_glob(glob, t->name) || (wanted && !wanted(t)))
            continue;
        if (!any)
            (void)printf("table\tn\t%s\n", heading);
        any = true;
        int status = measure_apart(t, n, measure);
        worst = status > worst ? status : worst;
    }
    if (!any)
        return say("unknown table '%s' (known: %s)", glob, known_tables());
    return flush_output() ? worst : EBB_WRONG;
}
