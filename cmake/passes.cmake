# What is measured apart from times: resident memory, and pauses.
add_library(histogram STATIC bench/histogram.c)
target_include_directories(histogram PUBLIC bench)
target_link_libraries(histogram PUBLIC options PRIVATE m)

if(EBB_BENCH)
    add_executable(ebb-resident bench/resident.c bench/resident_child.c bench/resident_watch.c
                   bench/machine.c tool/say.c)
    target_include_directories(ebb-resident PRIVATE bench tool)
    target_link_libraries(ebb-resident PRIVATE workloads ${CMAKE_DL_LIBS})
    add_executable(ebb-pause bench/pause.c bench/clock.c bench/machine.c tool/say.c)
    target_include_directories(ebb-pause PRIVATE bench tool)
    target_link_libraries(ebb-pause PRIVATE workloads histogram)
endif()
