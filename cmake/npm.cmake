# oficio_npm(name folder paths...): installs what folder/package-lock.json pins into the build tree,
# without running any package's scripts. `<name>_files` in the caller then holds the paths of the files
# of node_modules that were asked for, which the build makes when it needs them.
find_program(NPM npm REQUIRED)

function(oficio_npm name folder)
  set(place "${CMAKE_BINARY_DIR}/npm/${name}")
  set(made "")
  foreach(path IN LISTS ARGN)
    list(APPEND made "${place}/node_modules/${path}")
  endforeach()
  add_custom_command(OUTPUT ${made}
    COMMAND "${CMAKE_COMMAND}" -E copy "${CMAKE_SOURCE_DIR}/${folder}/package.json"
      "${CMAKE_SOURCE_DIR}/${folder}/package-lock.json" "${place}"
    COMMAND "${NPM}" ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND "${CMAKE_COMMAND}" -E touch ${made}
    DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/package.json" "${CMAKE_SOURCE_DIR}/${folder}/package-lock.json"
    WORKING_DIRECTORY "${place}"
    COMMENT "Installing ${folder}'s packages"
    VERBATIM)
  file(MAKE_DIRECTORY "${place}")
  set(${name}_files ${made} PARENT_SCOPE)
endfunction()
