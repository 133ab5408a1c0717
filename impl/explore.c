/* Every reachable state of one table; see explore.h.
 *
 * SPDX-License-Identifier: MIT */
#include "explore.h"

#include "apply.h"
#include "canonical.h"
#include "check.h"
#include "credit.h"
#include "define.h"
#include "promise.h"
#include "reference.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <xxhash.h>

enum {
    IMAGE_ROOM = 8192,
    OPS_MAX = 2 * EXPLORE_KEYS + 16,
    RETAIN_MODULI = 2,        /* more would tell more keys apart */
    ARRIVALS_MOST = 64,       /* steps whose ends are looked up together */
    PROGRESS_EVERY = 1 << 12, /* states */
};

static_assert((int)EXPLORE_DEPTH < (int)VALUE_STEPS,
              "the number of a step fits into a value's last byte");

/* ---- states ------------------------------------------------------------------ */

struct state {
    XXH128_hash_t id;
    uint32_t parent;
    unsigned char op, fail, nth; /* the step from there to here */
    unsigned char depth;
    struct ht_judge_memory memory;
};
static_assert(sizeof(struct state) <= 32, "states are many");

/* The end of a step, yet to be looked up. */
struct arrival {
    struct state state;
    int16_t overdrawn;
};

struct explorer {
    struct explore_options options;
    const struct ht_table *table;
    struct ht_op ops[OPS_MAX];
    unsigned op_count;
    struct explore_result *result;

    struct state *states; /* in the order of their discovery */
    size_t count, room;
    uint32_t *index; /* open addressing by id: number of state + 1, or 0 */
    size_t mask;
    struct canonical canonical;
    struct credit *credit; /* every step found, with its work */
    struct arrival arrivals[ARRIVALS_MOST];
    unsigned arrived;

    /* The state being left: number, the way there, contents, image. */
    size_t at;
    struct explore_step path[EXPLORE_DEPTH + 1];
    unsigned depth;
    bool leaving; /* a step has been tried: path[depth] */
    struct reference reference;
    struct ht_stats stats; /* before the step being tried */
    unsigned char image[IMAGE_ROOM];
    size_t length;

    /* A table in that state, or in another and of no use (`left`), or none. */
    struct ht_mem mem;
    struct ht *t;
    bool left;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct explorer *x, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!x->result->failed)
        (void)vsnprintf(x->result->what, sizeof x->result->what, format, args);
    va_end(args);
    x->result->failed = true;
    return false;
}

static void index_add(struct explorer *x, size_t number)
{
    size_t i = (size_t)x->states[number].id.low64 & x->mask;
    while (x->index[i])
        i = (i + 1) & x->mask;
    x->index[i] = (uint32_t)(number + 1);
}

static void grow(struct explorer *x)
{
    x->room = x->room ? 2 * x->room : 1024;
    x->states = realloc(x->states, x->room * sizeof *x->states);
    free(x->index);
    x->mask = 2 * x->room - 1;
    x->index = calloc(x->mask + 1, sizeof *x->index);
    CHECK(x->states && x->index);
    for (size_t i = 0; i < x->count; i++)
        index_add(x, i);
}

/* Its number, or SIZE_MAX if it is new. */
static size_t number_of(const struct explorer *x, XXH128_hash_t id)
{
    for (size_t i = (size_t)id.low64 & x->mask; x->index[i]; i = (i + 1) & x->mask)
        if (XXH128_isEqual(x->states[x->index[i] - 1].id, id))
            return x->index[i] - 1;
    return SIZE_MAX;
}

/* Returns its number. */
static size_t discover(struct explorer *x, struct state state)
{
    if (x->count == x->room)
        grow(x);
    size_t known = number_of(x, state.id);
    if (known != SIZE_MAX)
        return known;
    x->states[x->count] = state;
    index_add(x, x->count);
    if (state.depth > x->result->depth)
        x->result->depth = state.depth;
    return x->count++;
}

static size_t image_of(const struct explorer *x, unsigned char *bytes)
{
    size_t length = x->table->image(x->t, bytes, IMAGE_ROOM);
    CHECK(length <= IMAGE_ROOM);
    return length;
}

/* `image` has IMAGE_ROOM bytes, and its values are lost. */
static XXH128_hash_t identify(struct explorer *x, const struct reference *r,
                              struct ht_judge_memory memory, unsigned char *image, size_t length)
{
    unsigned char head[sizeof memory + EXPLORE_KEYS] = {0}, keys[VALUE_STEPS] = {0};
    unsigned char name[EXPLORE_KEYS];
    for (unsigned i = 0; i < x->depth + x->leaving; i++)
        keys[i] = (unsigned char)x->path[i].op.key;
    canonical_image(&x->canonical, image, length, keys, name);
    memcpy(head, &memory, sizeof memory);
    for (unsigned i = 0; i < r->live; i++) {
        unsigned char key = name[r->order[i]];
        if (x->table->traits & HT_ORDERED)
            head[sizeof memory + i] = (unsigned char)(key + 1);
        else
            head[sizeof memory + key] = 1;
    }
    CHECK(length + sizeof head <= IMAGE_ROOM);
    memcpy(image + length, head, sizeof head);
    return XXH3_128bits(image, length + sizeof head);
}

/* ---- one step ------------------------------------------------------------------ */

static struct applied apply_starved(struct explorer *x, struct explore_step step, unsigned number)
{
    if (step.fail != HT_FAIL_NEVER)
        ht_mem_fail(&x->mem, step.fail, step.nth);
    struct applied did = ht_apply(x->table, x->t, step.op, VALUE_MARK | number);
    x->mem.fail = HT_FAIL_NEVER;
    return did;
}

/* ---- what must hold after every step --------------------------------------------- */

struct visits {
    const struct reference *reference;
    bool ordered;
    unsigned count, wrong;
    bool seen[EXPLORE_KEYS];
};

static void visit(void *arg, uint64_t key, uint64_t value)
{
    struct visits *v = arg;
    const struct reference *r = v->reference;
    bool right = key < EXPLORE_KEYS && v->count < r->live && r->there[key] && !v->seen[key] &&
                 r->value[key] == value && (!v->ordered || r->order[v->count] == key);
    v->wrong += !right;
    v->count++;
    if (key < EXPLORE_KEYS)
        v->seen[key] = true;
}

static bool check_get(struct explorer *x, const struct reference *r, uint64_t key)
{
    uint64_t value = 0;
    bool there = key < x->options.keys && r->there[key];
    bool found = x->table->get(x->t, key, &value);
    if (found != there)
        return fail(x, "afterwards get %" PRIu64 " answers %s", key, found ? "a value" : "a miss");
    if (found && value != r->value[key])
        return fail(x,
                    "afterwards get %" PRIu64 " answers the value of step %" PRIu64
                    " instead of step %" PRIu64,
                    key, value - VALUE_MARK, r->value[key] - VALUE_MARK);
    return true;
}

/* All of them at once; the key `keys` is the absent one. */
static bool check_many(struct explorer *x, const struct reference *r)
{
    uint64_t keys[EXPLORE_KEYS + 1], values[EXPLORE_KEYS + 1] = {0};
    unsigned n = x->options.keys + 1;
    for (unsigned i = 0; i < n; i++)
        keys[i] = i;
    uint32_t found = x->table->get_many(x->t, keys, values, n);
    for (unsigned i = 0; i < n; i++) {
        bool there = i < x->options.keys && r->there[i], is = found >> i & 1;
        if (is != there)
            return fail(x, "afterwards get_many answers %s for key %u", is ? "a value" : "a miss",
                        i);
        if (is && values[i] != r->value[i])
            return fail(x, "afterwards get_many answers the value of another step for key %u", i);
    }
    return true;
}
static_assert((int)EXPLORE_KEYS < (int)HT_MANY_KEYS, "all keys, and one more, in one call");

/* The key `keys` is the absent one. */
static bool check_contents(struct explorer *x, const struct reference *r)
{
    const char *broken = x->table->check(x->t);
    if (broken)
        return fail(x, "%s", broken);
    struct visits visits = {.reference = r, .ordered = x->table->traits & HT_ORDERED};
    x->table->each(x->t, visit, &visits);
    if (visits.wrong || visits.count != r->live)
        return fail(x,
                    "afterwards %u entries are visited, %u of them wrong or out of order; there "
                    "are %u",
                    visits.count, visits.wrong, r->live);
    for (uint64_t key = 0; key <= x->options.keys; key++)
        if (!check_get(x, r, key))
            return false;
    if (!check_many(x, r))
        return false;
    return true;
}

static bool check_stats(struct explorer *x, const struct reference *r, const struct ht_stats *s)
{
    if (s->live != r->live || s->holding != r->holding)
        return fail(x, "the table says %zu entries live%s; there are %u%s", s->live,
                    s->holding ? ", holding" : "", r->live, r->holding ? ", holding" : "");
    if (s->held != x->mem.live)
        return fail(x, "the table says it holds %zu bytes, the allocator counts %zu", s->held,
                    x->mem.live);
    return true;
}

/* ---- reaching a state --------------------------------------------------------------- */

static bool discard(struct explorer *x)
{
    if (x->t)
        x->table->destroy(x->t);
    x->t = NULL;
    if (x->mem.live || x->mem.handles)
        return fail(x, "%zu bytes are still held after the table is destroyed",
                    x->mem.live + x->mem.handles);
    return true;
}

static void create(struct explorer *x)
{
    x->t = x->table->create(&x->mem, &x->options.config);
    CHECK(x->t);
    x->left = false;
}

/* A table in the state being left. */
static bool go_there(struct explorer *x)
{
    if (x->t && !x->left)
        return true;
    if (!discard(x))
        return false;
    create(x);
    for (unsigned i = 0; i < x->depth; i++)
        (void)apply_starved(x, x->path[i], i);
    return true;
}

/* A step in 16 bits: how its allocations fail, the operation, which allocation. */
static uint16_t label_of(const struct state *s)
{
    return (uint16_t)(s->fail | s->op << 2 | s->nth << 8);
}
static_assert(OPS_MAX <= 1 << 6, "the number of an operation fits into a label");

static struct explore_step step_of(const struct explorer *x, uint16_t label)
{
    return (struct explore_step){x->ops[label >> 2 & 0x3f], (enum ht_fail)(label & 3), label >> 8};
}

static void trace_path(struct explorer *x, size_t state)
{
    unsigned n = x->states[state].depth;
    x->depth = n;
    for (size_t i = state; n > 0; i = x->states[i].parent)
        x->path[--n] = step_of(x, label_of(&x->states[i]));
}

/* Makes state number `at` the one being left. */
static bool enter(struct explorer *x)
{
    unsigned char image[IMAGE_ROOM];
    trace_path(x, x->at);
    x->leaving = false;
    memset(&x->reference, 0, sizeof x->reference);
    for (unsigned i = 0; i < x->depth; i++)
        (void)reference_apply(&x->reference, x->path[i].op, VALUE_MARK | i);
    x->left = true;
    if (!go_there(x))
        return false;
    x->length = image_of(x, x->image);
    memcpy(image, x->image, x->length);
    XXH128_hash_t id = identify(x, &x->reference, x->states[x->at].memory, image, x->length);
    if (!XXH128_isEqual(id, x->states[x->at].id))
        return fail(x, "the same steps lead to another state: the table depends on something else");
    return true;
}

/* ---- leaving a state by one step ------------------------------------------------------ */

struct outcome {
    uint64_t calls, refused; /* to the allocator, during the step */
};

static bool judge(struct explorer *x, struct explore_step step, bool failed, uint64_t refused,
                  const struct reference *after, const struct ht_stats *stats,
                  struct ht_judge_memory *memory, int64_t *overdrawn)
{
    struct ht_judge j;
    ht_judge_recall(&j, x->table, x->options.config.profile, x->states[x->at].memory);
    struct ht_judged d = {
        .op = step.op,
        .failed = failed,
        .refused = refused != 0,
        .live_before = x->reference.live,
        .live = after->live,
        .held_before = x->stats.held,
        .held = stats->held,
        .held_most = x->mem.op_peak,
        .slots = stats->slots > x->stats.slots ? stats->slots : x->stats.slots,
        .moved = stats->moved - x->stats.moved - (stats->shifted - x->stats.shifted),
        .shifted = stats->shifted - x->stats.shifted,
        .probed = stats->probed - x->stats.probed,
    };
    const char *broken = ht_judge_step(&j, &d);
    *memory = ht_judge_remember(&j);
    *overdrawn = ht_judge_overdrawn(&j);
    return broken ? fail(x, "%s", broken) : true;
}

/* What a failed step may do: nothing, and only if the allocator refused. */
static bool check_failed(struct explorer *x, const unsigned char *image, size_t length,
                         uint64_t refused)
{
    if (!refused)
        return fail(x, "it reports no memory, but the allocator refused nothing");
    if (length != x->length || memcmp(image, x->image, length) != 0)
        return fail(x, "it reports no memory, and has changed");
    return true;
}

/* The states after steps from the one being left: known ones or new ones. Millions of states
 * are in no cache, so all are asked for before the first is waited for. */
static void look_up_arrivals(struct explorer *x)
{
    for (unsigned i = 0; i < x->arrived; i++)
        __builtin_prefetch(&x->index[(size_t)x->arrivals[i].state.id.low64 & x->mask]);
    for (unsigned i = 0; i < x->arrived; i++) {
        uint32_t known = x->index[(size_t)x->arrivals[i].state.id.low64 & x->mask];
        __builtin_prefetch(&x->states[known ? known - 1 : 0]);
    }
    for (unsigned i = 0; i < x->arrived; i++) {
        struct arrival *a = &x->arrivals[i];
        credit_add(x->credit, (struct credit_edge){.from = (uint32_t)x->at,
                                                   .to = (uint32_t)discover(x, a->state),
                                                   .cost = a->overdrawn,
                                                   .label = label_of(&a->state)});
    }
    x->arrived = 0;
}

/* The state after a step: the same, or one to look up. */
static bool arrive(struct explorer *x, struct state state, const struct reference *after,
                   unsigned char *image, size_t length, int64_t overdrawn)
{
    bool same =
        !x->left && memcmp(&state.memory, &x->states[x->at].memory, sizeof state.memory) == 0;
    if (same && overdrawn > 0)
        return fail(x, "the promise of work is broken: the step moves entries for nothing, and can "
                       "be repeated for ever");
    if (same)
        return true;
    state.id = identify(x, after, state.memory, image, length);
    x->arrivals[x->arrived++] = (struct arrival){state, (int16_t)overdrawn};
    if (x->arrived == ARRIVALS_MOST)
        look_up_arrivals(x);
    return true;
}

static bool leave_by(struct explorer *x, unsigned op, enum ht_fail how, unsigned nth,
                     struct outcome *outcome)
{
    struct explore_step step = {x->ops[op], how, nth};
    unsigned char image[IMAGE_ROOM];
    struct ht_stats stats;
    int64_t overdrawn;
    if (!go_there(x))
        return false;
    x->path[x->depth] = step;
    x->leaving = true;
    struct reference after = x->reference;
    uint64_t calls = x->mem.calls, refused = x->mem.refused;
    ht_mem_mark(&x->mem);
    x->table->stats(x->t, &x->stats);
    struct applied did = apply_starved(x, step, x->depth);
    x->table->stats(x->t, &stats);
    *outcome = (struct outcome){x->mem.calls - calls, x->mem.refused - refused};
    x->result->transitions++;
    x->result->starved += outcome->refused != 0;
    size_t length = image_of(x, image);
    x->left = length != x->length || memcmp(image, x->image, length) != 0;
    if (did.failed && !check_failed(x, image, length, outcome->refused))
        return false;
    if (!did.failed) {
        uint64_t expected = reference_apply(&after, step.op, VALUE_MARK | x->depth);
        if (did.result != expected)
            return fail(x, "it answers %#" PRIx64 " instead of %#" PRIx64, did.result, expected);
    }
    struct state next = {.parent = (uint32_t)x->at,
                         .op = (unsigned char)op,
                         .fail = (unsigned char)how,
                         .nth = (unsigned char)nth,
                         .depth = (unsigned char)(x->depth + 1)};
    return check_contents(x, &after) && check_stats(x, &after, &stats) &&
           judge(x, step, did.failed, outcome->refused, &after, &stats, &next.memory, &overdrawn) &&
           arrive(x, next, &after, image, length, overdrawn);
}

/* By one operation, with all its allocations or without any one of them. What
 * fails from the last allocation on is what fails there once. */
static bool leave_by_each_failure(struct explorer *x, unsigned op)
{
    struct outcome all, once, ever;
    if (!leave_by(x, op, HT_FAIL_NEVER, 0, &all))
        return false;
    CHECK(all.calls <= UINT8_MAX);
    for (unsigned nth = 1; nth <= all.calls; nth++) {
        if (!leave_by(x, op, HT_FAIL_ONCE, nth, &once))
            return false;
        if (once.calls > nth && !leave_by(x, op, HT_FAIL_FOREVER, nth, &ever))
            return false;
    }
    return true;
}

/* ---- the search ------------------------------------------------------------------------ */

static void add_op(struct explorer *x, enum ht_kind kind, uint64_t argument)
{
    for (unsigned i = 0; i < x->op_count; i++)
        if (x->ops[i].kind == kind && x->ops[i].key == argument)
            return;
    CHECK(x->op_count < OPS_MAX);
    x->ops[x->op_count++] = (struct ht_op){argument, kind};
}

static void choose_ops(struct explorer *x)
{
    unsigned keys = x->options.keys;
    for (unsigned key = 0; key < keys; key++)
        add_op(x, HT_PUT, key);
    for (unsigned key = 0; key < keys; key++)
        add_op(x, HT_DEL, key);
    add_op(x, HT_CLEAR, 0);
    add_op(x, HT_COMPACT, 0);
    add_op(x, HT_COPY, 0);
    add_op(x, HT_REBUILD_COPY, 0);
    if (x->table->traits & HT_ORDERED)
        add_op(x, HT_POP, 0);
    for (unsigned modulus = 1; modulus <= RETAIN_MODULI; modulus++)
        add_op(x, HT_RETAIN, modulus);
    if (!x->options.all)
        return;
    add_op(x, HT_RESERVE, 0);
    add_op(x, HT_RESERVE, 1);
    add_op(x, HT_RESERVE, keys / 2);
    add_op(x, HT_RESERVE, keys);
    add_op(x, HT_HOLD, 0);
    add_op(x, HT_RESUME, 0);
    add_op(x, HT_TICK, 1);
}

/* A table without memory for its creation is none, and holds nothing. */
static bool check_creation(struct explorer *x)
{
    create(x);
    uint64_t calls = x->mem.calls;
    if (!discard(x))
        return false;
    for (unsigned nth = 1; nth <= calls; nth++) {
        ht_mem_fail(&x->mem, HT_FAIL_ONCE, nth);
        x->t = x->table->create(&x->mem, &x->options.config);
        x->mem.fail = HT_FAIL_NEVER;
        if (x->t)
            return fail(x, "it is created though allocation %u of %" PRIu64 " failed", nth, calls);
        if (!discard(x))
            return false;
    }
    return true;
}

static bool start(struct explorer *x)
{
    unsigned char image[IMAGE_ROOM];
    struct ht_judge j;
    struct ht_stats stats;
    if (!check_creation(x))
        return false;
    create(x);
    x->table->stats(x->t, &stats);
    if (!check_contents(x, &x->reference) || !check_stats(x, &x->reference, &stats))
        return false;
    ht_judge_start(&j, x->table, x->options.config.profile);
    struct state first = {.memory = ht_judge_remember(&j)};
    first.id = identify(x, &x->reference, first.memory, image, image_of(x, image));
    discover(x, first);
    return true;
}

/* False when something is wrong. */
static bool search(struct explorer *x)
{
    const struct explore_options *o = &x->options;
    for (x->at = 0; x->at < x->count; x->at++) {
        if (x->states[x->at].depth >= o->depth || x->count > o->states)
            return discard(x);
        if (!enter(x))
            return false;
        for (unsigned op = 0; op < x->op_count; op++)
            if (!leave_by_each_failure(x, op))
                return false;
        look_up_arrivals(x);
        x->result->states = x->count;
        if (o->progress && x->at % PROGRESS_EVERY == 0)
            o->progress(o->arg, x->result);
    }
    x->result->closed = true;
    return discard(x);
}

/* No path, however long, may move more than the promise of work allows. */
static bool check_credit(struct explorer *x)
{
    struct credit_path path;
    bool holds = credit_holds(x->credit, (uint32_t)x->count, HT_MOVES_AT_START, &path);
    x->result->overdrawn = path.worst;
    if (holds)
        return true;
    trace_path(x, path.edges[path.length - 1]->from);
    while (path.length > 0 && x->depth < EXPLORE_DEPTH)
        x->path[x->depth++] = step_of(x, path.edges[--path.length]->label);
    x->leaving = false;
    return fail(x,
                "the promise of work is broken on average: steps like the last of these, "
                "repeated, move more than %d entries above what they may",
                HT_MOVES_AT_START);
}

bool explore(const struct explore_options *options, struct explore_result *result)
{
    CHECK(options->table->image && options->keys <= EXPLORE_KEYS);
    struct explorer *x = calloc(1, sizeof *x);
    CHECK(x);
    *result = (struct explore_result){0};
    x->options = *options;
    if (x->options.depth == 0 || x->options.depth > EXPLORE_DEPTH)
        x->options.depth = EXPLORE_DEPTH;
    if (x->options.states == 0 || x->options.states > UINT32_MAX / 2)
        x->options.states = UINT32_MAX / 2;
    x->table = options->table;
    x->result = result;
    ht_mem_init(&x->mem);
    choose_ops(x);
    canonical_start(&x->canonical, options->keys, options->config.seed, RETAIN_MODULI);
    x->credit = credit_create();
    if (start(x) && search(x) && check_credit(x))
        x->result->states = x->count;
    if (result->failed) {
        result->states = x->count;
        result->length = x->depth + x->leaving;
        memcpy(result->trace, x->path, result->length * sizeof *result->trace);
    }
    (void)discard(x);
    credit_destroy(x->credit);
    free(x->states);
    free(x->index);
    free(x);
    return !result->failed;
}
