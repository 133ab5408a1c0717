/* Promises of work on average: paths of any length are judged, cycles among them.
 *
 * SPDX-License-Identifier: MIT */
#include "credit.h"
#include "test.h"

static struct credit *graph(const struct credit_edge *edges, size_t n)
{
    struct credit *c = credit_create();
    for (size_t i = 0; i < n; i++)
        credit_add(c, edges[i]);
    return c;
}

/* Two ways to state 3: the longer one costs more. */
static void test_worst_path(void)
{
    static const struct credit_edge edges[] = {
        {0, 3, 4, 10}, {0, 1, -2, 11}, {1, 2, 5, 12}, {2, 3, 3, 13}, {3, 0, -7, 14}};
    struct credit *c = graph(edges, 5);
    struct credit_path path;
    CHECK(credit_holds(c, 4, 6, &path) && path.worst == 6);
    CHECK(!credit_holds(c, 4, 5, &path) && path.worst == 6 && path.length == 3);
    CHECK(path.edges[0]->label == 13 && path.edges[1]->label == 12 && path.edges[2]->label == 11);
    credit_destroy(c);
}

/* A cycle may cost nothing, but not gain by being repeated. */
static void test_cycles(void)
{
    struct credit_edge edges[] = {{0, 1, 0, 1}, {1, 2, 30, 2}, {2, 1, -30, 3}};
    struct credit_path path;
    struct credit *c = graph(edges, 3);
    CHECK(credit_holds(c, 3, 64, &path) && path.worst == 30);
    credit_destroy(c);
    edges[2].cost = -29;
    c = graph(edges, 3);
    CHECK(!credit_holds(c, 3, 64, &path) && path.worst == 65);
    CHECK(path.length == 64); /* as much of the way round and round as there is room for */
    credit_destroy(c);
}

/* States that nothing reaches, or nothing leaves, do not count. */
static void test_unreached(void)
{
    static const struct credit_edge edges[] = {{0, 3, 1, 1}, {2, 3, 100, 2}};
    struct credit_path path;
    struct credit *c = graph(edges, 2);
    CHECK(credit_holds(c, 4, 1, &path) && path.worst == 1);
    credit_destroy(c);
}

int main(void)
{
    test_worst_path();
    test_cycles();
    test_unreached();
    return 0;
}
