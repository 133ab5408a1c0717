/* A table that answers wrongly, and one that crashes, replayed in another process.
 *
 * SPDX-License-Identifier: MIT */
#include "apart.h"
#include "test.h"

#include <signal.h>

static bool crash(const struct ht *t, uint64_t key, uint64_t *value)
{
    (void)t, (void)key, (void)value;
    (void)raise(SIGKILL);
    return false;
}

static bool miss(const struct ht *t, uint64_t key, uint64_t *value)
{
    (void)t, (void)key, (void)value;
    return false;
}

int main(void)
{
    static const struct ht_op steps[] = {{7, HT_PUT}, {7, HT_GET}};
    struct ht_table table = *ht_find_table("linear/tombstone");
    struct replay_options options = test_options(&table);
    struct replay_result result;
    CHECK(replay_apart(&options, steps, 2, &result) == APART_RIGHT && result.steps == 2);
    table.get = miss;
    CHECK(replay_apart(&options, steps, 2, &result) == APART_WRONG && result.failed_step == 1);
    CHECK(strstr(result.what, "get answers a miss"));
    table.get = crash;
    CHECK(replay_apart(&options, steps, 2, &result) == APART_CRASHED && result.failed);
    CHECK(strstr(result.what, "it crashes: Killed"));
    return 0;
}
