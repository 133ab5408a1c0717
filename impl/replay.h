/* Replays a trace on a table and checks it.
 *
 * Checking by steps compares every answer with the model's, judges bytes and
 * moves by the table's promise at every step, compares what the table says it
 * holds with what the allocator counts, looks the keys of the last steps up at once now and then,
 * and walks the table (check() and a
 * comparison of the contents) so often that the walks stay a constant cost per
 * step. Checking by blocks runs the table's own loop over each block and compares
 * its checksum with the one the trace recorded: no model, and no more memory than
 * the table's.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_REPLAY_H
#define EBB_REPLAY_H

#include "ht.h"
#include "trace.h"

enum replay_check { REPLAY_STEPS, REPLAY_BLOCKS };

struct replay_options {
    const struct ht_table *table;
    struct ht_config config;
    enum replay_check check;
    enum ht_fail fail; /* allocation failure, from call number fail_nth on (1 = the first) */
    uint64_t fail_nth;
    bool time_steps; /* by steps only: measure the longest */
};

/* What has been seen so far. */
struct replay_result {
    uint64_t steps;
    struct ht_stats stats; /* summed over the tables of the trace */
    size_t live_peak;      /* by steps only */
    size_t held_peak;
    uint64_t area;      /* byte-steps */
    uint64_t live_area; /* entry-steps; by steps only */
    uint64_t allocations, refused;
    double bound_used;   /* by steps only: largest share of the promised bytes that was held */
    uint64_t longest_ns; /* time_steps only */
    uint64_t longest_step;

    bool failed;
    uint64_t failed_step;
    struct ht_op failed_op; /* by steps only; else kind is HT_KINDS */
    char what[320];         /* the sentence that says what is wrong */
};

struct replay;

/* Aborts without memory of its own. */
struct replay *replay_start(const struct replay_options *);

/* Replays some steps. `checksum` is NULL where none is recorded. Returns false
 * once something is wrong; then nothing more is replayed. */
bool replay_steps(struct replay *, const struct ht_op *, size_t n, const uint64_t *checksum);

const struct replay_result *replay_so_far(struct replay *);

/* Statistics of the current table alone (for sizes after each step). */
void replay_current(struct replay *, struct ht_stats *);

/* The most bytes that the current table may hold at rest by its promise, as judged after
 * the last step; 0 without one. By steps only. */
size_t replay_bound(struct replay *);

/* Entries that the current table has moved beyond what its promise of work allows so far;
 * negative while it moved less; 0 without a promise. */
int64_t replay_overdrawn(struct replay *);

/* Destroys the tables, checks that every byte came back, and ends the replay. */
void replay_finish(struct replay *, struct replay_result *);

/* A whole trace in memory. Returns !result->failed. */
bool replay_trace(const struct replay_options *, const struct ht_op *, size_t n,
                  struct replay_result *);

#endif
