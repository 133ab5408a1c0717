# The front door of ebb. No logic here: each verb is one script.
.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\): \#\#.*/\1/p' Makefile)

# A variable that no verb names below, nor a compiler, is a misspelt one.
named := $(shell sed -n 's/^[a-z-]*: \#\# //p' Makefile | grep -o '[A-Z_]*=' | tr -d =)
named += CC CXX CFLAGS CXXFLAGS LDFLAGS EBB_CMAKE_ARGS
given := $(foreach word,$(MAKEOVERRIDES),$(if $(findstring =,$(word)),$(firstword $(subst =, ,$(word)))))
refuse = $(if $(filter command line,$(origin $1)),$(error $1: unknown variable (known: $(sort $(named)))))
$(foreach name,$(filter-out $(named),$(given)),$(call refuse,$(name)))

help: ## list the verbs
	@scripts/help Makefile

bench: ## measure every table: a table here, a report in results/ [QUICK=1 FULL=1 PEERS=1|all PEER_SRC= WORKLOAD= TABLE= N= TABLE_FILE= SHARD=i/n RESULTS=]
	@scripts/bench

test: ## build and run every test, under sanitizers and with the smallest sizes, in a quarter of an hour [ONLY=REGEX ON=asan|hard|bench]
	@scripts/test

fuzz: ## attack every table with libFuzzer and AFL++ [TARGET= ENGINE=libfuzzer|afl|both SECONDS=60 JOBS=1 VARIANT=plain|asan|cmplog|usual|peers SHARED=]
	@scripts/fuzz

fuzz-day: ## a day of it in slices, to be stopped and gone on with; status in results/fuzz [HOURS=24 SLICE=300 JOBS= TARGET=]
	@scripts/fuzz-day

fuzz-join: ## AFL++ here joins that of other machines over a shared folder [SHARED= TARGET=differential JOBS= SECONDS=]
	@scripts/fuzz-join

regress: ## make a fuzzer's finding a test: corpus/regress/NAME.trace [TARGET= INPUT=build/findings/... NAME=]
	@scripts/regress

explore: ## close every reachable state: 4 to 8 keys, by engine and hash (14 minutes, 5 GB)
	@scripts/explore

digest: ## every compiler's build, and every sanitizer's, does the same with the corpus
	@scripts/digest

coverage: ## what the corpus alone reaches of impl/: lines, branches, MC/DC; a page in build/coverage
	@scripts/coverage

mutate: ## change every operator, constant and statement of the tables: does the corpus notice? [ONLY=]
	@scripts/mutate

hunt: ## both fuzzers search for every planted bug [BUG= ENGINE=libfuzzer|afl|both TRIALS=1 SECONDS=60 JOBS=1 SEEDS=frozen|none MORE=1 REPORT=1]
	@scripts/hunt

ebb: ## build the command line: build/release/ebb
	@scripts/build release ebb record_malloc

library: ## a static library of the tables alone, for other programs: build/plain/libebb.a, with impl/ht.h
	@scripts/build plain tables

merge: ## one results folder from the shards of a run (make bench SHARD=i/n) [RUNS="results/... results/..."]
	@scripts/merge

publish: ## a static site of all runs in results/site: an index, trends, every report [SITE=]
	@scripts/publish

report: ## write the report of a results folder anew [RUN=results/...]
	@scripts/report

compare: ## two runs, or two commits built side by side: OLD= NEW= [TIME=anyway]
	@scripts/compare

calibrate: ## how far times can be trusted: false alarms, coverage, detection ... [WHAT=]
	@scripts/build bench && python3 scripts/calibrate.py $(WHAT)

article: ## the article's table: what a drained dict holds
	@scripts/build release ebb && build/release/ebb article

.PHONY: count
export ACCEPT REPEAT
count: ## compare the exact figures and instruction counts with the golden ones [ACCEPT=1 REPEAT=10 TARGET=aarch64]
	@scripts/count

check: ## formatting, static analysis, and no indirect call in a timed loop
	@scripts/check

clean: ## remove what was built (results stay)
	@rm -rf build
