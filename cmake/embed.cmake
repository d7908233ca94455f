# oficio_embed(target namespace files...): compiles files into a module. Each becomes a function of
# `namespace` that gives its content: page/index.html is `std::string_view index_html()`.
#
# The same file is the script that writes one of the sources, when the build runs it with -P.
if(CMAKE_SCRIPT_MODE_FILE)
  # The assembler copies the bytes: a compiler takes long over an array of a million numbers.
  string(MAKE_C_IDENTIFIER "${NAMESPACE}_${NAME}" SYMBOL)
  file(WRITE "${OUTPUT}" "#include <string_view>

asm(R\"(
  .section .rodata.${SYMBOL}, \"a\", @progbits
  .globl ${SYMBOL}
  .globl ${SYMBOL}_end
${SYMBOL}:
  .incbin \"${INPUT}\"
${SYMBOL}_end:
  .byte 0
  .text
)\");

extern \"C\" {
extern const char ${SYMBOL}[];
extern const char ${SYMBOL}_end[];
}

namespace ${NAMESPACE} {
std::string_view ${NAME}();
std::string_view ${NAME}() {
  return {${SYMBOL}, ${SYMBOL}_end};
}
}  // namespace ${NAMESPACE}
")
  return()
endif()

set(OFICIO_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(oficio_embed target namespace)
  string(MAKE_C_IDENTIFIER "${namespace}" folder)
  foreach(path IN LISTS ARGN)
    get_filename_component(input "${path}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
    get_filename_component(name "${path}" NAME)
    string(MAKE_C_IDENTIFIER "${name}" name)
    set(output "${CMAKE_BINARY_DIR}/embedded/${target}/${folder}/${name}.cpp")
    add_custom_command(OUTPUT "${output}"
      COMMAND "${CMAKE_COMMAND}" "-DINPUT=${input}" "-DOUTPUT=${output}"
        "-DNAMESPACE=${namespace}" "-DNAME=${name}" -P "${OFICIO_EMBED_SCRIPT}"
      DEPENDS "${input}" "${OFICIO_EMBED_SCRIPT}"
      VERBATIM)
    target_sources(${target} PRIVATE "${output}")
  endforeach()
endfunction()
