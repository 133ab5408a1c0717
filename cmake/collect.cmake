# Lists that are made from the names of files.

# Writes CONTENT to FILE only if it differs, so that nothing is rebuilt for nothing.
function(ebb_write file content)
    file(CONFIGURE OUTPUT ${file} CONTENT "${content}" @ONLY)
endfunction()

# Every FOLDER/NAME.c defines `const TYPE PREFIX_NAME`. Sets OUT to the sources
# and a generated one with `const TYPE *const PREFIXs[]`, ended by NULL.
function(ebb_collect out folder prefix type)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
    set(declarations "")
    set(entries "")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM name)
        string(APPEND declarations "extern const ${type} ${prefix}_${name};\n")
        string(APPEND entries "    &${prefix}_${name},\n")
    endforeach()
    set(list ${PROJECT_BINARY_DIR}/generated/${prefix}_list.c)
    ebb_write(${list} "/* Generated from the files in ${folder}. */
#include \"${prefix}.h\"
${declarations}
const ${type} *const ${prefix}s[] = {
${entries}    0};
")
    set(${out} ${sources} ${list} PARENT_SCOPE)
endfunction()

# The name of an engine's or a strategy's file becomes a part of identifiers, and of the names that
# reports and commands have.
function(ebb_require_name file)
    cmake_path(GET file STEM name)
    if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
        message(FATAL_ERROR "${file}: name it with lower-case letters, digits and _ alone")
    endif()
endfunction()

# One unit per engine and strategy, one per whole table, one per peer, and the registry
# of ht.h.
function(ebb_collect_tables out)
    set(sources "")
    set(declarations "")
    set(entries "")
    set(skipped "")
    file(GLOB engines CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/impl/engine/*.h)
    file(GLOB strategies CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/impl/strategy/*.h)
    foreach(file IN LISTS engines strategies)
        ebb_require_name(${file})
    endforeach()
    foreach(engine_file IN LISTS engines)
        cmake_path(GET engine_file STEM engine)
        foreach(strategy_file IN LISTS strategies)
            cmake_path(GET strategy_file STEM strategy)
            set(unit ${PROJECT_BINARY_DIR}/generated/${engine}_${strategy}.c)
            ebb_write(${unit} "/* Generated: the table ${engine}/${strategy}. */
#pragma GCC diagnostic ignored \"-Wunused-function\" /* a pair that does not exist uses none */

#include \"engine/${engine}.h\"

#include \"strategy/${strategy}.h\"

#include \"table.h\"

HT_TABLE(${engine}, ${strategy});
")
            list(APPEND sources ${unit})
            string(APPEND declarations "extern const struct ht_table ht_table_${engine}_${strategy};\n")
            string(APPEND entries "    &ht_table_${engine}_${strategy},\n")
        endforeach()
    endforeach()

    # Tables that are engine and strategy in one.
    file(GLOB wholes CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/impl/whole/*.c)
    foreach(whole_file IN LISTS wholes)
        cmake_path(GET whole_file STEM whole)
        list(APPEND sources ${whole_file})
        string(APPEND declarations "extern const struct ht_table ht_table_whole_${whole};\n")
        string(APPEND entries "    &ht_table_whole_${whole},\n")
    endforeach()

    ebb_collect_peers()
    list(APPEND sources ${peer_sources})
    string(APPEND declarations "${peer_declarations}")
    string(APPEND entries "${peer_entries}")
    string(APPEND skipped "${peer_skipped}")
    set(EBB_PEER_LIBRARIES ${peer_libraries} PARENT_SCOPE)
    set(EBB_PEER_SHIMS ${peer_shims} PARENT_SCOPE)

    if(EBB_TABLE_FILE)
        add_library(outside OBJECT ${EBB_TABLE_FILE})
        target_include_directories(outside PRIVATE ${PROJECT_SOURCE_DIR}/impl)
        target_link_libraries(outside PRIVATE options)
        list(APPEND sources $<TARGET_OBJECTS:outside>)
        string(APPEND declarations "extern const struct ht_table ht_table_outside;\n")
        string(APPEND entries "    &ht_table_outside,\n")
    endif()

    set(registry ${PROJECT_BINARY_DIR}/generated/registry.c)
    ebb_write(${registry} "/* Generated from the files in impl/engine, impl/strategy and impl/peer. */
#include \"ht.h\"
${declarations}
const struct ht_table *const ht_tables[] = {
${entries}    0};

const char *const ht_skipped[] = {
${skipped}    0};
")
    set(${out} ${sources} ${registry} PARENT_SCOPE)
endfunction()
