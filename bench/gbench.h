/* Google Benchmark for C: register, keep running, count, report.
 *
 * A thin shim over Debian's libbenchmark 1.7.1: names, filters, console and JSON
 * are the library's own, through its usual flags (--benchmark_filter,
 * --benchmark_out, --benchmark_format, ...). Left out on purpose, since they
 * misreport in 1.7.1: its MemoryManager (reads freed memory with two or more
 * repetitions), Pause/ResumeTiming (470 ns a pair), and its random interleaving
 * (the order is recorded nowhere).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_GBENCH_H
#define EBB_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gb_benchmark; /* a registered benchmark; the library owns it */
struct gb_state;     /* one run of it */

/* The benchmark itself: loops while gb_keep_running. */
typedef void gb_function(struct gb_state *, void *arg);
typedef void gb_hook(void *arg);

/* ---- the program ------------------------------------------------------------- */

/* Takes the library's flags out of argv. */
void gb_initialize(int *argc, char **argv);

/* Adds a line to the context of the report. */
void gb_context(const char *key, const char *value);

/* Runs what was registered and passes the filter; returns how many ran. Results go
 * to --benchmark_out, and to the console unless `silent`. */
size_t gb_run(bool silent);

void gb_shutdown(void);

/* Does the name pass --benchmark_filter (a regular expression; "-" in front
 * negates it)? True where there is none. */
bool gb_would_run(const char *name);

/* ---- registering --------------------------------------------------------------- */

enum gb_unit { GB_NANOSECOND, GB_MICROSECOND, GB_MILLISECOND, GB_SECOND };

struct gb_benchmark *gb_register(const char *name, gb_function *, void *arg);

/* Runs the benchmark with these arguments too (gb_range), once per call. */
void gb_args(struct gb_benchmark *, const int64_t *values, size_t count);

/* Exactly so many iterations, instead of as many as fill the minimum time. */
void gb_iterations(struct gb_benchmark *, int64_t);
void gb_repetitions(struct gb_benchmark *, int);
void gb_min_time(struct gb_benchmark *, double seconds);
void gb_unit(struct gb_benchmark *, enum gb_unit);
void gb_use_real_time(struct gb_benchmark *);
void gb_use_manual_time(struct gb_benchmark *); /* then call gb_set_iteration_time */

/* Called before and after each run of the function, outside the timed loop. */
void gb_setup(struct gb_benchmark *, gb_hook *);
void gb_teardown(struct gb_benchmark *, gb_hook *);

/* ---- inside the function ------------------------------------------------------- */

/* True while another iteration, or another `batch` of them, is wanted. A batch
 * costs the loop 0.3 ns an iteration, a single one 1.1 ns. */
bool gb_keep_running(struct gb_state *);
bool gb_keep_running_batch(struct gb_state *, int64_t batch);

void gb_set_iteration_time(struct gb_state *, double seconds);
int64_t gb_range(const struct gb_state *, size_t at);
int64_t gb_iterations_done(const struct gb_state *);

enum gb_counter {
    GB_PLAIN = 0,
    GB_RATE = 1,         /* per second of the run */
    GB_AVERAGE = 2,      /* per iteration */
    GB_INVERT = 4,       /* the reciprocal */
    GB_BINARY_PREFIX = 8 /* Ki, Mi on the console, not k, M */
};
void gb_counter(struct gb_state *, const char *name, double value, unsigned flags);
void gb_items_processed(struct gb_state *, int64_t);
void gb_bytes_processed(struct gb_state *, int64_t);
void gb_label(struct gb_state *, const char *);

/* Marks the run as failed; return from the function after it. */
void gb_skip_with_error(struct gb_state *, const char *message);

#ifdef __cplusplus
}
#endif
#endif
