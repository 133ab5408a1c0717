# Compiler options of every target, as one interface library.
add_library(options INTERFACE)
target_compile_options(options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wundef -Wformat=2 -Wpointer-arith
    $<$<COMPILE_LANGUAGE:C>:-Wconversion -Wsign-conversion -Wvla -Wstrict-prototypes
      -Wmissing-prototypes -Wswitch-enum>
    -fno-omit-frame-pointer)
# What is timed starts on a line of the cache in every link order, and so do its loops half-way:
# else code differs from its own twin by up to 5 % by where it happens to lie.
if(EBB_BENCH)
    target_compile_options(options INTERFACE $<$<CONFIG:Release>:-falign-functions=64 -falign-loops=32>)
endif()
if(EBB_WERROR)
    target_compile_options(options INTERFACE -Werror)
endif()
if(EBB_SANITIZE)
    target_compile_options(options INTERFACE -fsanitize=${EBB_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(options INTERFACE -fsanitize=${EBB_SANITIZE})
endif()
if(EBB_CHECKED)
    target_compile_definitions(options INTERFACE HT_CHECKED)
endif()
if(EBB_HARD)
    target_compile_definitions(options INTERFACE HT_HARD)
endif()
