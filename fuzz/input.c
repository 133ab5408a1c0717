/* From a fuzzer's bytes to a replay; see input.h.
 *
 * SPDX-License-Identifier: MIT */
#include "input.h"

#include "check.h"
#include "cpython_profile.h"
#include "hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES_MOST = 256 };

/* Those that answer, found before the first input: it takes no other way through the code
 * than those that follow, or AFL++ would call the program unstable. */
static struct {
    const struct ht_table *at[TABLES_MOST + 1];
    size_t all, ours; /* ours come before the peers in ht_tables */
} tables;

__attribute__((constructor)) static void find_tables(void)
{
    for (size_t i = 0; ht_tables[i]; i++) {
        if (ht_tables[i]->absent || (ht_tables[i]->traits & HT_SILENT))
            continue;
        CHECK(tables.all < TABLES_MOST);
        tables.at[tables.all++] = ht_tables[i];
        tables.ours += !ht_is_peer(ht_tables[i]);
    }
}

const struct ht_table *input_table(size_t number)
{
    return number < tables.all ? tables.at[number] : NULL;
}

size_t input_tables(void)
{
    return tables.all;
}

enum input_use input_use_of(const char *target)
{
    if (strcmp(target, "no_memory") == 0)
        return INPUT_NO_MEMORY;
    return strcmp(target, "hostile") == 0 ? INPUT_HOSTILE : INPUT_PLAIN;
}

/* Which peers there are differs from machine to machine; what the other bytes choose does
 * not. */
static const struct ht_table *choose(uint8_t byte)
{
    size_t all = input_tables(), ours = tables.ours;
    if (byte >= INPUT_PEERS && all > ours)
        return input_table(ours + (size_t)(byte - INPUT_PEERS) % (all - ours));
    return ours ? input_table(byte % ours) : NULL;
}

static void use_header(struct replay_options *o, enum input_use use, uint8_t byte)
{
    if (use == INPUT_NO_MEMORY)
        o->fail = byte % 2 ? HT_FAIL_ONCE : HT_FAIL_FOREVER;
    if (use == INPUT_HOSTILE) {
        unsigned profile = HT_HASH_GOOD + 1 + byte % (HT_HASH_PROFILES - 1);
        o->config.seed = ht_seed((enum ht_hash_profile)profile, o->config.seed);
    }
}

bool input_read(struct input *in, enum input_use use, const uint8_t *data, size_t size)
{
    *in = (struct input){0};
    if (size < INPUT_HEADER || data[0] != INPUT_VERSION || !choose(data[1]))
        return false;
    in->options = (struct replay_options){
        .table = choose(data[1]),
        .config = {.seed = data[2], .profile = data[3] % cpython_profile_count},
        .fail_nth = data[5] + UINT64_C(1),
    };
    use_header(&in->options, use, data[4]);
    const size_t most = (size_t)2 * INPUT_STEPS;
    size -= INPUT_HEADER;
    trace_decode(&in->trace, data + INPUT_HEADER, size < most ? size : most);
    return true;
}

void input_free(struct input *in)
{
    trace_free(&in->trace);
}

_Noreturn void input_complain(const struct input *in, const struct ht_op *ops,
                              const struct replay_result *result)
{
    (void)fprintf(stderr, "# %s, hash %s, seed %llu, step %llu: %s\n", in->options.table->name,
                  ht_hash_names[in->options.config.seed >> HT_HASH_SHIFT],
                  (unsigned long long)(in->options.config.seed << 8 >> 8),
                  (unsigned long long)result->failed_step, result->what);
    for (size_t i = 0; i < in->trace.n; i++) {
        (void)fprintf(stderr, "%s", trace_kind_name(ops[i].kind));
        if (trace_kind_takes(ops[i].kind))
            (void)fprintf(stderr, " %llu", (unsigned long long)ops[i].key);
        (void)fputc('\n', stderr);
    }
    abort();
}

void input_steps(const struct input *in, struct ht_op ops[INPUT_STEPS])
{
    for (size_t i = 0; i < in->trace.n; i++) {
        ops[i] = in->trace.ops[i];
        if (ops[i].kind == HT_POP && !(in->options.table->traits & HT_ORDERED))
            ops[i].kind = HT_GET;
    }
}

void input_replay(const struct input *in)
{
    struct ht_op ops[INPUT_STEPS];
    input_steps(in, ops);
    struct replay_result result;
    if (!replay_trace(&in->options, ops, in->trace.n, &result))
        input_complain(in, ops, &result);
}
