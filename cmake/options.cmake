# Compiler options of every target, as one interface library.
add_library(options INTERFACE)
target_compile_options(options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wcast-qual -Wundef -Wformat=2 -Wpointer-arith
    $<$<COMPILE_LANGUAGE:C>:-Wconversion -Wsign-conversion -Wvla -Wstrict-prototypes
      -Wmissing-prototypes -Wswitch-enum>
    -fno-omit-frame-pointer)
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
