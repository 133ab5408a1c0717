// Google Benchmark for C; see gbench.h.
//
// SPDX-License-Identifier: MIT
#include "gbench.h"

#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <regex>
#include <string>
#include <vector>

// A registered benchmark with what the library cannot keep for us: hooks with an
// argument (its own take plain functions of a State).
struct gb_benchmark {
    benchmark::internal::Benchmark *registered;
    gb_function *function;
    void *arg;
    gb_hook *setup;
    gb_hook *teardown;
};

struct gb_state {
    benchmark::State *state;
};

namespace
{
std::vector<std::unique_ptr<gb_benchmark>> all;
std::string filter;

// The library keeps its filter to itself.
void remember_filter(int argc, char **argv)
{
    static const char flag[] = "--benchmark_filter=";
    for (int i = 1; i < argc; i++)
        if (std::strncmp(argv[i], flag, sizeof flag - 1) == 0)
            filter = argv[i] + sizeof flag - 1;
}

// The library prints to the console even when asked for a file only.
class NoReporter : public benchmark::BenchmarkReporter
{
  public:
    bool ReportContext(const Context &) override
    {
        return true;
    }
    void ReportRuns(const std::vector<Run> &) override
    {
    }
};

void call(benchmark::State &state, gb_benchmark *b)
{
    gb_state shim{&state};
    if (b->setup)
        b->setup(b->arg);
    b->function(&shim, b->arg);
    if (b->teardown)
        b->teardown(b->arg);
}
} // namespace

void gb_initialize(int *argc, char **argv)
{
    remember_filter(*argc, argv);
    benchmark::Initialize(argc, argv);
}

void gb_context(const char *key, const char *value)
{
    benchmark::AddCustomContext(key, value);
}

size_t gb_run(bool silent)
{
    NoReporter none;
    return silent ? benchmark::RunSpecifiedBenchmarks(&none) : benchmark::RunSpecifiedBenchmarks();
}

void gb_shutdown(void)
{
    benchmark::Shutdown();
}

bool gb_would_run(const char *name)
{
    if (filter.empty() || filter == "all")
        return true;
    bool negated = filter[0] == '-';
    std::regex wanted(filter.substr(negated ? 1 : 0), std::regex::extended);
    return std::regex_search(name, wanted) != negated;
}

gb_benchmark *gb_register(const char *name, gb_function *function, void *arg)
{
    all.push_back(
        std::make_unique<gb_benchmark>(gb_benchmark{nullptr, function, arg, nullptr, nullptr}));
    gb_benchmark *b = all.back().get();
    b->registered =
        benchmark::RegisterBenchmark(name, [b](benchmark::State &state) { call(state, b); });
    return b;
}

void gb_args(gb_benchmark *b, const int64_t *values, size_t count)
{
    b->registered->Args(std::vector<int64_t>(values, values + count));
}

void gb_iterations(gb_benchmark *b, int64_t n)
{
    b->registered->Iterations(n);
}

void gb_repetitions(gb_benchmark *b, int n)
{
    b->registered->Repetitions(n);
}

void gb_min_time(gb_benchmark *b, double seconds)
{
    b->registered->MinTime(seconds);
}

void gb_unit(gb_benchmark *b, enum gb_unit unit)
{
    static const benchmark::TimeUnit units[] = {benchmark::kNanosecond, benchmark::kMicrosecond,
                                                benchmark::kMillisecond, benchmark::kSecond};
    b->registered->Unit(units[unit]);
}

void gb_use_real_time(gb_benchmark *b)
{
    b->registered->UseRealTime();
}

void gb_use_manual_time(gb_benchmark *b)
{
    b->registered->UseManualTime();
}

void gb_setup(gb_benchmark *b, gb_hook *hook)
{
    b->setup = hook;
}

void gb_teardown(gb_benchmark *b, gb_hook *hook)
{
    b->teardown = hook;
}

bool gb_keep_running(gb_state *s)
{
    return s->state->KeepRunning();
}

bool gb_keep_running_batch(gb_state *s, int64_t batch)
{
    return s->state->KeepRunningBatch(batch);
}

void gb_set_iteration_time(gb_state *s, double seconds)
{
    s->state->SetIterationTime(seconds);
}

int64_t gb_range(const gb_state *s, size_t at)
{
    return s->state->range(at);
}

int64_t gb_iterations_done(const gb_state *s)
{
    return static_cast<int64_t>(s->state->iterations());
}

void gb_counter(gb_state *s, const char *name, double value, unsigned flags)
{
    int kept = benchmark::Counter::kDefaults;
    if (flags & GB_RATE)
        kept |= benchmark::Counter::kIsRate;
    if (flags & GB_AVERAGE)
        kept |= benchmark::Counter::kAvgIterations;
    if (flags & GB_INVERT)
        kept |= benchmark::Counter::kInvert;
    s->state->counters[name] = benchmark::Counter(
        value, static_cast<benchmark::Counter::Flags>(kept),
        flags & GB_BINARY_PREFIX ? benchmark::Counter::kIs1024 : benchmark::Counter::kIs1000);
}

void gb_items_processed(gb_state *s, int64_t n)
{
    s->state->SetItemsProcessed(n);
}

void gb_bytes_processed(gb_state *s, int64_t n)
{
    s->state->SetBytesProcessed(n);
}

void gb_label(gb_state *s, const char *label)
{
    s->state->SetLabel(label);
}

void gb_skip_with_error(gb_state *s, const char *message)
{
    s->state->SkipWithError(message);
}
