# Tests: impl/test/NAME.c is a program that exits 0 if all is well; NAME.py a
# script that is given the build folder and does the same.
file(GLOB test_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/impl/test/*.c)
foreach(source IN LISTS test_sources)
    cmake_path(GET source STEM name)
    file(STRINGS ${source} normal REGEX "^ \\* Normal sizes only" LIMIT_COUNT 1)
    file(STRINGS ${source} shim REGEX "^ \\* Needs Google Benchmark" LIMIT_COUNT 1)
    file(STRINGS ${source} hard REGEX "^ \\* Smallest sizes only" LIMIT_COUNT 1)
    if((EBB_HARD AND normal) OR (hard AND NOT EBB_HARD) OR (shim AND NOT EBB_BENCH))
        continue()
    endif()
    add_executable(test_${name} ${source})
    target_link_libraries(test_${name} PRIVATE workloads histogram $<$<BOOL:${shim}>:gbench>)
    set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
    add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endforeach()

# The planted bugs, for the tests that hunt them.
if(EBB_HARD)
    ebb_collect(planted_list impl/test/planted planted struct\ planted)
    add_library(planted STATIC ${planted_list})
    target_include_directories(planted PUBLIC impl/test)
    target_link_libraries(planted PUBLIC tables)
    target_link_libraries(test_planted_bugs PRIVATE planted)
    target_link_libraries(test_explore PRIVATE planted)
endif()

# Scripts that test the tools: they need all of them, so only where the benchmark
# is built.
if(EBB_BENCH)
    file(GLOB test_scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/impl/test/*.py)
    foreach(script IN LISTS test_scripts)
        cmake_path(GET script STEM name)
        add_test(NAME ${name} COMMAND python3 ${script} ${PROJECT_BINARY_DIR})
        set_tests_properties(${name} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
    endforeach()
endif()
