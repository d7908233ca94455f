# oficio_embed(target namespace files...): compiles files into a module. Each becomes a function of
# `namespace` that gives its content: page/index.html is `std::string_view index_html()`.
#
# The same file is the script that writes one of the sources, when the build runs it with -P.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${INPUT}" content HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," content "${content}")
  file(WRITE "${OUTPUT}" "#include <string_view>

namespace ${NAMESPACE} {
std::string_view ${NAME}();
std::string_view ${NAME}() {
  static constexpr unsigned char bytes[] = {${content}0};
  return {reinterpret_cast<const char*>(bytes), sizeof(bytes) - 1};
}
}  // namespace ${NAMESPACE}
")
  return()
endif()

set(OFICIO_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(oficio_embed target namespace)
  foreach(path IN LISTS ARGN)
    get_filename_component(name "${path}" NAME)
    string(MAKE_C_IDENTIFIER "${name}" name)
    set(output "${CMAKE_BINARY_DIR}/embedded/${target}/${name}.cpp")
    add_custom_command(OUTPUT "${output}"
      COMMAND "${CMAKE_COMMAND}" "-DINPUT=${CMAKE_SOURCE_DIR}/${path}" "-DOUTPUT=${output}"
        "-DNAMESPACE=${namespace}" "-DNAME=${name}" -P "${OFICIO_EMBED_SCRIPT}"
      DEPENDS "${CMAKE_SOURCE_DIR}/${path}" "${OFICIO_EMBED_SCRIPT}"
      VERBATIM)
    target_sources(${target} PRIVATE "${output}")
  endforeach()
endfunction()
