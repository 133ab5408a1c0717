#!/bin/bash -eu
# Builds every fuzz target into $OUT, with its seed corpus, dictionary and options, as
# ClusterFuzzLite and OSS-Fuzz ask: they set CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE OUT
# SRC WORK, for libFuzzer and for AFL++ alike. Needs cmake, ninja, pkg-config, zip,
# libzstd-dev and libxxhash-dev.
cd "$(dirname "$0")/.." 2>/dev/null && [ -f CMakeLists.txt ] || cd "$SRC/ebb"
build=${WORK:-$PWD/build}/clusterfuzzlite
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DEBB_HARD=ON -DEBB_CHECKED=ON -DEBB_FUZZ=service -DEBB_PEERS=OFF
cmake --build "$build" --target fuzz_targets
for target in fuzz/target/*.c; do
    name=$(basename "$target" .c)
    [ "$name" != cpython_live ] || continue # beside no interpreter every input passes
    cp "$build/fuzz_$name" "$OUT/$name"
    cp .clusterfuzzlite/steps.options "$OUT/$name.options"
    case $name in
    trace_*) cp .clusterfuzzlite/trace.dict "$OUT/$name.dict"
        sed -i "s/^dict = .*/dict = $name.dict/; s/^max_len = .*/max_len = 4096/" "$OUT/$name.options" ;;
    *) cp .clusterfuzzlite/steps.dict "$OUT/$name.dict"
        sed -i "s/^dict = .*/dict = $name.dict/" "$OUT/$name.options" ;;
    esac
    [ "$name" != greed ] || sed -i "s/^max_len = .*/max_len = 518/" "$OUT/$name.options" # to climb takes steps
    seeds=corpus/seed/$name
    [ -d "$seeds" ] || seeds=corpus/seed/differential
    rm -f "$OUT/${name}_seed_corpus.zip"
    zip -q -j -r "$OUT/${name}_seed_corpus.zip" "$seeds"
done
