# oficio_module(path deps...): the static library of src/<path>, all *.cpp of that folder (not of its
# tests/ folder, and not of sub-folders that have a CMakeLists.txt of their own).
#
# A module sees only the headers of the modules it names: each module's folder is linked into an include
# directory of its own, and only that directory is passed on. An include across the house's arrows is
# therefore "file not found", not a matter of review.
function(oficio_module path)
  string(REPLACE "/" "_" target "${path}")
  set(folder "${CMAKE_SOURCE_DIR}/src/${path}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "^${folder}/(.*/)?tests/")
  file(GLOB_RECURSE nested "${folder}/*/CMakeLists.txt")
  foreach(list_file IN LISTS nested)
    get_filename_component(sub "${list_file}" DIRECTORY)
    list(FILTER sources EXCLUDE REGEX "^${sub}/")
  endforeach()

  set(include_root "${CMAKE_BINARY_DIR}/include/${target}")
  get_filename_component(parent "${include_root}/${path}" DIRECTORY)
  file(MAKE_DIRECTORY "${parent}")
  file(CREATE_LINK "${folder}" "${include_root}/${path}" SYMBOLIC)

  if(sources)
    add_library(${target} STATIC ${sources})
    set(visibility PUBLIC)
    target_compile_options(${target} PRIVATE ${OFICIO_WARNINGS})
  else()
    add_library(${target} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_include_directories(${target} ${visibility} "${include_root}")
  target_link_libraries(${target} ${visibility} ${ARGN})
endfunction()

# oficio_test(name sources... LINK modules...): a GoogleTest program, each of its cases a CTest test.
function(oficio_test name)
  if(NOT OFICIO_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "LINK;COMMAND_PREFIX" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_compile_options(${name} PRIVATE ${OFICIO_WARNINGS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${arg_COMMAND_PREFIX} $<TARGET_FILE:${name}> --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()

# oficio_server_test(name sources... SERVERS kinds... LINK modules...): the same on real servers, which
# tests/infra/with.py starts for it, on loopback and with their data in a temporary folder, and stops.
# Skipped, never passed, where one of them cannot be had.
function(oficio_server_test name)
  if(NOT OFICIO_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "LINK;SERVERS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 240)
  endif()
  oficio_test(${name} ${arg_UNPARSED_ARGUMENTS} LINK ${arg_LINK} COMMAND_PREFIX
    /usr/bin/python3 -B "${CMAKE_SOURCE_DIR}/tests/infra/with.py" ${arg_SERVERS} -- TIMEOUT ${arg_TIMEOUT})
  list(TRANSFORM arg_SERVERS PREPEND server_ OUTPUT_VARIABLE fixtures)
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 FIXTURES_REQUIRED "${fixtures}")
endfunction()

# oficio_test_also_on(name kinds... FILTER tests): a program that is tested already, or these of its tests, again
# on real servers, or on elasticsearch=elastic, with Elasticsearch itself in the place of what stands for it elsewhere.
function(oficio_test_also_on name)
  if(NOT OFICIO_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "FILTER" "" ${ARGN})
  if(NOT arg_FILTER)
    set(arg_FILTER "*")
  endif()
  list(TRANSFORM arg_UNPARSED_ARGUMENTS REPLACE "^.*=" "" OUTPUT_VARIABLE kinds)
  list(TRANSFORM kinds PREPEND server_ OUTPUT_VARIABLE fixtures)
  list(JOIN kinds "_" on)
  add_test(NAME ${name}_on_${on} COMMAND /usr/bin/python3 -B "${CMAKE_SOURCE_DIR}/tests/infra/with.py"
    ${arg_UNPARSED_ARGUMENTS} -- $<TARGET_FILE:${name}> --gtest_brief=1 "--gtest_filter=${arg_FILTER}")
  set_tests_properties(${name}_on_${on} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77 FIXTURES_REQUIRED "${fixtures}")
endfunction()
