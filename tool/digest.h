/* One number for all that a table does with an input.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_DIGEST_H
#define EBB_DIGEST_H

#include "corpus.h"

/* Step by step against the model (corpus_replay), with what the table tells of itself
 * after each step. Meaningless if result->failed. */
uint64_t digest_steps(const struct corpus_input *, const struct ht_table *, bool starved,
                      struct replay_result *result);

/* By the table's own loop, with what lies in the tables at the end, and after a rebuild
 * into as many slots and one to fit, as the reference rows of a report have it. For
 * tables that can write their image. */
uint64_t digest_loop(const struct corpus_input *, const struct ht_table *);

/* From now on slots probed are not part of a digest: for comparing with builds that do not
 * count them. */
void digest_without_probes(void);

/* What a table tells of itself now, folded into a digest. */
uint64_t digest_stats(uint64_t digest, struct replay *);
uint64_t digest_result(uint64_t digest, const struct replay_result *);

#endif
