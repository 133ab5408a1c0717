# The hunt for planted bugs: hunt_NAME is the fuzz target that the bug impl/test/planted/NAME.c
# asks for, as it is, with one table in its registry: the one that has the bug. Only the bug
# and the registry are compiled for it, the rest once. A build with sanitizers holds the bugs
# that only they see, one without them the others.
if(NOT EBB_HUNT)
    return()
endif()
file(GLOB planted_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/impl/test/planted/*.c)
add_custom_target(hunt)
foreach(source IN LISTS planted_sources)
    cmake_path(GET source STEM name)
    file(STRINGS ${source} sanitizer REGEX "SEEN_BY_SANITIZER" LIMIT_COUNT 1)
    if((sanitizer AND NOT EBB_SANITIZE) OR (EBB_SANITIZE AND NOT sanitizer))
        continue()
    endif()
    file(STRINGS ${source} target REGEX "\\.target = \"" LIMIT_COUNT 1)
    string(REGEX REPLACE ".*\\.target = \"([a-z_]*)\".*" "\\1" target "${target}")
    if(NOT target)
        set(target differential)
    endif()
    if(NOT TARGET hunters_${target})
        add_library(hunters_${target} OBJECT fuzz/target/${target}.c fuzz/input.c fuzz/climb.c
                    fuzz/levels.c fuzz/read_trace.c fuzz/sanitizers.c ${fuzz_sources})
        target_include_directories(hunters_${target} PRIVATE fuzz impl)
        target_link_libraries(hunters_${target} PRIVATE options)
        if(EBB_FUZZ STREQUAL "libfuzzer")
            target_compile_definitions(hunters_${target} PRIVATE FUZZ_LIBFUZZER)
        endif()
    endif()
    set(registry ${PROJECT_BINARY_DIR}/generated/hunt_${name}.c)
    ebb_write(${registry} "/* Generated: the table of a planted bug is the only one. */
#include \"ht.h\"
extern const struct ht_table planted_table_${name};
const struct ht_table *const ht_tables[] = {&planted_table_${name}, 0};
const char *const ht_skipped[] = {0};
")
    add_executable(hunt_${name} EXCLUDE_FROM_ALL ${source} ${registry})
    target_include_directories(hunt_${name} PRIVATE impl/test)
    target_link_libraries(hunt_${name} PRIVATE hunters_${target} traces)
    target_link_options(hunt_${name} PRIVATE ${fuzz_link})
    add_dependencies(hunt hunt_${name})
endforeach()
