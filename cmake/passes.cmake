# What is measured apart from times: resident memory, and pauses.
add_library(histogram STATIC bench/pass/histogram.c)
target_include_directories(histogram PUBLIC bench/pass)
target_link_libraries(histogram PUBLIC options PRIVATE m)

if(EBB_BENCH)
    add_executable(ebb-resident bench/pass/resident.c bench/pass/resident_child.c
                   bench/pass/resident_watch.c bench/machine.c tool/say.c)
    target_include_directories(ebb-resident PRIVATE bench bench/pass tool)
    target_link_libraries(ebb-resident PRIVATE workloads ${CMAKE_DL_LIBS})
    add_executable(ebb-pause bench/pass/pause.c bench/pass/clock.c bench/machine.c tool/say.c)
    target_include_directories(ebb-pause PRIVATE bench bench/pass tool)
    target_link_libraries(ebb-pause PRIVATE workloads histogram)
    add_executable(ebb-adapters bench/pass/adapters.c bench/pass/by_hand.cc bench/machine.c tool/say.c)
    target_include_directories(ebb-adapters PRIVATE bench bench/pass tool)
    target_link_libraries(ebb-adapters PRIVATE workloads)
endif()
