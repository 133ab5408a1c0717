# Fuzz targets: every fuzz/target/NAME.c, for the engine that EBB_FUZZ names.
#
#   replay     fuzz_NAME replays files; no fuzzer needed
#   libfuzzer  clang's libFuzzer, with the mutator by steps inside
#   afl        afl-clang-fast, persistent; the mutator is a library of release
#   service    a fuzzing service: it sets the compilers, the flags and the engine
#              (LIB_FUZZING_ENGINE); .clusterfuzzlite/build.sh
# What the model and the allocator run through says nothing about a table; and a runtime that
# keeps blocks from one input to the next makes the same input take another way.
set(fuzz_plain impl/model.c impl/mem.c impl/set.c impl/apply.c impl/peer_memory.c impl/peer/cpython_dict.c)
file(GLOB fuzz_targets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/target/*.c)
if(EBB_FUZZ STREQUAL "libfuzzer")
    # Without tracing of comparisons: inputs are steps, not magic numbers, and it took
    # 40 % of the time (20,000 against 32,000 executions a second on differential).
    target_compile_options(options INTERFACE -fsanitize=fuzzer-no-link
                           -fno-sanitize-coverage=trace-cmp,indirect-calls)
    set(fuzz_link -fsanitize=fuzzer)
    set(fuzz_sources fuzz/mutate.c)
    set_property(SOURCE ${fuzz_plain} APPEND PROPERTY COMPILE_OPTIONS -fno-sanitize=fuzzer-no-link)
elseif(EBB_FUZZ STREQUAL "afl")
    set(fuzz_link -fsanitize=fuzzer)
    list(TRANSFORM fuzz_plain PREPEND "src: " OUTPUT_VARIABLE afl_plain)
    list(JOIN afl_plain "\n" afl_plain)
    file(WRITE ${PROJECT_BINARY_DIR}/generated/afl_plain "${afl_plain}\n")
    set_property(DIRECTORY PROPERTY RULE_LAUNCH_COMPILE
                 "${CMAKE_COMMAND} -E env AFL_LLVM_DENYLIST=${PROJECT_BINARY_DIR}/generated/afl_plain")
elseif(EBB_FUZZ STREQUAL "service")
    enable_language(CXX) # engines are C++
    set(fuzz_sources fuzz/mutate.c)
else()
    set(fuzz_sources fuzz/replay_files.c fuzz/files.c)
    foreach(name witness finding)
        add_executable(${name} fuzz/${name}.c fuzz/climb.c fuzz/input.c fuzz/files.c)
        target_include_directories(${name} PRIVATE fuzz)
        target_link_libraries(${name} PRIVATE traces)
    endforeach()
endif()
if(EBB_FUZZ STREQUAL "replay" AND NOT EBB_SANITIZE) # loaded by afl-fuzz, which wants it plain
    add_library(afl_mutator MODULE fuzz/mutate.c)
    target_compile_definitions(afl_mutator PRIVATE FUZZ_AFL)
    target_include_directories(afl_mutator PRIVATE impl)
endif()
foreach(source IN LISTS fuzz_targets)
    cmake_path(GET source STEM name)
    set(sources ${fuzz_sources})
    if(name MATCHES "^trace_")
        list(REMOVE_ITEM sources fuzz/mutate.c) # bytes, not steps
    endif()
    add_executable(fuzz_${name} ${source} fuzz/input.c fuzz/climb.c fuzz/levels.c
                   fuzz/read_trace.c fuzz/sanitizers.c ${sources})
    target_include_directories(fuzz_${name} PRIVATE fuzz)
    target_link_libraries(fuzz_${name} PRIVATE traces)
    target_link_options(fuzz_${name} PRIVATE ${fuzz_link})
    if(EBB_FUZZ STREQUAL "libfuzzer" OR EBB_FUZZ STREQUAL "service")
        target_compile_definitions(fuzz_${name} PRIVATE FUZZ_LIBFUZZER)
    endif()
    if(EBB_FUZZ STREQUAL "service")
        set_target_properties(fuzz_${name} PROPERTIES LINKER_LANGUAGE CXX)
        separate_arguments(engine NATIVE_COMMAND "$ENV{LIB_FUZZING_ENGINE}")
        target_link_libraries(fuzz_${name} PRIVATE ${engine})
    endif()
    list(APPEND fuzz_programs fuzz_${name})
    if(EBB_FUZZ STREQUAL "replay")
        file(GLOB seeds ${PROJECT_SOURCE_DIR}/corpus/seed/${name}/*)
        if(seeds)
            add_test(NAME fuzz_${name} COMMAND fuzz_${name} corpus/seed/${name}
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
            set_tests_properties(fuzz_${name} PROPERTIES TIMEOUT 300)
        endif()
    endif()
endforeach()
add_custom_target(fuzz_targets DEPENDS ${fuzz_programs})
