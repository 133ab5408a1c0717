/* Does a promise of work on average hold on every path? See credit.h.
 *
 * SPDX-License-Identifier: MIT */
#include "credit.h"

#include "check.h"

struct credit {
    struct credit_edge *edges;
    size_t count, room;
};

/* What is known of a state while paths are made longer. */
struct reached {
    int64_t worst;
    const struct credit_edge *by; /* the last edge of the path that overdraws so much */
    size_t first;                 /* of the edges that leave it */
    bool known, waiting;
};

struct credit *credit_create(void)
{
    struct credit *c = calloc(1, sizeof *c);
    CHECK(c);
    return c;
}

void credit_destroy(struct credit *c)
{
    free(c->edges);
    free(c);
}

void credit_add(struct credit *c, struct credit_edge edge)
{
    CHECK(c->count == 0 || c->edges[c->count - 1].from <= edge.from);
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 1024;
        c->edges = realloc(c->edges, c->room * sizeof *c->edges);
        CHECK(c->edges);
    }
    c->edges[c->count++] = edge;
}

static void trace_back(const struct reached *all, uint32_t state, struct credit_path *path)
{
    const unsigned most = sizeof path->edges / sizeof *path->edges;
    for (const struct credit_edge *by = all[state].by; by && path->length < most;
         by = all[by->from].by)
        path->edges[path->length++] = by;
}

/* A queue of states whose worst has changed, each in it at most once. */
struct queue {
    uint32_t *all;
    size_t room, first, count;
};

static void wait(struct queue *q, struct reached *state, uint32_t number)
{
    if (state->waiting)
        return;
    state->waiting = true;
    q->all[(q->first + q->count++) % q->room] = number;
}

static bool relax(const struct credit *c, struct reached *all, struct queue *q, int64_t limit,
                  struct credit_path *path)
{
    while (q->count) {
        uint32_t from = q->all[q->first];
        q->first = (q->first + 1) % q->room;
        q->count--;
        all[from].waiting = false;
        for (size_t i = all[from].first; i < c->count && c->edges[i].from == from; i++) {
            const struct credit_edge *e = &c->edges[i];
            struct reached *to = &all[e->to];
            int64_t worst = all[from].worst + e->cost;
            if (to->known && worst <= to->worst)
                continue;
            to->known = true;
            to->worst = worst;
            to->by = e;
            if (worst > path->worst)
                path->worst = worst;
            if (worst > limit) {
                trace_back(all, e->to, path);
                return false;
            }
            wait(q, to, e->to);
        }
    }
    return true;
}

bool credit_holds(struct credit *c, uint32_t states, int64_t limit, struct credit_path *path)
{
    *path = (struct credit_path){0};
    struct reached *all = calloc(states, sizeof *all);
    struct queue queue = {.all = calloc(states, sizeof *queue.all), .room = states};
    CHECK(all && queue.all);
    for (uint32_t i = 0; i < states; i++)
        all[i].first = c->count; /* no edge leaves it */
    for (size_t i = c->count; i-- > 0;)
        all[c->edges[i].from].first = i;
    all[0].known = true;
    wait(&queue, &all[0], 0);
    bool holds = relax(c, all, &queue, limit, path);
    free(all);
    free(queue.all);
    return holds;
}
