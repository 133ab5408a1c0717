# ebb-bench, linked many times from the same objects in other orders: where code lies changes
# the time of identical code by 1 to 3 %, so a comparison is repeated over places.
#
# ebb-bench is order 0 (as listed); layout/ebb-bench-1 ... are shuffles of everything that
# is timed, each behind a stretch of nothing of another length.
set(EBB_LAYOUTS 16 CACHE STRING "Link orders of the benchmark")

file(GLOB bench_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.c)
list(REMOVE_ITEM bench_sources ${PROJECT_SOURCE_DIR}/bench/workload.c)
add_library(bench_parts OBJECT ${bench_sources})
target_include_directories(bench_parts PUBLIC bench)
target_link_libraries(bench_parts PUBLIC gbench workloads)

# The names of the objects that are shuffled: the tables, and the twins with the rest.
get_target_property(table_units tables SOURCES)
list(TRANSFORM table_units REPLACE ".*/" "")
list(TRANSFORM bench_sources REPLACE ".*/" "" OUTPUT_VARIABLE bench_units)

# Sets OUT to the list in an order that depends on `number` alone.
function(ebb_shuffle out number)
    set(keyed "")
    foreach(unit IN LISTS ARGN)
        string(MD5 key "${number} ${unit}")
        list(APPEND keyed "${key} ${unit}")
    endforeach()
    list(SORT keyed)
    list(TRANSFORM keyed REPLACE "^[^ ]* " "")
    set(${out} ${keyed} PARENT_SCOPE)
endfunction()

foreach(number RANGE 1 ${EBB_LAYOUTS})
    if(number EQUAL EBB_LAYOUTS)
        break()
    endif()
    ebb_shuffle(units ${number} ${table_units} ${bench_units})
    set(objects "")
    foreach(unit IN LISTS units)
        string(REPLACE "." "[.]" pattern "/${unit}.o$")
        list(APPEND objects "$<FILTER:$<TARGET_OBJECTS:tables>,INCLUDE,${pattern}>"
             "$<FILTER:$<TARGET_OBJECTS:bench_parts>,INCLUDE,${pattern}>")
    endforeach()
    math(EXPR gap "(${number} * 1237) % 4096")
    set(pad ${PROJECT_BINARY_DIR}/generated/pad_${number}.c)
    ebb_write(${pad} "/* Generated: ${gap} bytes of nothing in front of the code. */
__asm__(\".text\\n.skip ${gap}\\n\");
extern const int ebb_pad;
const int ebb_pad = ${gap};
")
    add_executable(ebb-bench-${number} ${pad} ${objects})
    set_target_properties(ebb-bench-${number} PROPERTIES
                          RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/layout)
    target_link_libraries(ebb-bench-${number} PRIVATE gbench workloads)
endforeach()

add_executable(ebb-bench $<TARGET_OBJECTS:bench_parts>)
target_link_libraries(ebb-bench PRIVATE gbench workloads)
