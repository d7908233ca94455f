# The compiler and its flags. Only clang 19 is accepted: g++ 12 corrupts memory in coroutines
# (an aggregate temporary in a co_await expression), clang 16 crashes when it inlines await_suspend.
if(NOT OFICIO_ANY_COMPILER AND NOT (CMAKE_CXX_COMPILER_ID STREQUAL "Clang"
    AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19
    AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 20))
  message(FATAL_ERROR "Oficio is built with clang 19 (found ${CMAKE_CXX_COMPILER_ID} "
    "${CMAKE_CXX_COMPILER_VERSION}). Configure with a preset, e.g. `cmake --preset release`, or pass "
    "-DOFICIO_ANY_COMPILER=ON to try another at your own risk.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)

# A hit in another clone needs paths that do not name the clone: ccache rewrites what lies below its
# base directory, and the compiler maps what it writes into debug information.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE}")
endif()
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}=." -fdebug-compilation-dir=.)
add_link_options(-fuse-ld=lld -Wl,--gc-sections)
add_compile_options(-ffunction-sections -fdata-sections)

if(OFICIO_SANITIZE)
  add_compile_options("-fsanitize=${OFICIO_SANITIZE}" -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${OFICIO_SANITIZE}")
  if(OFICIO_SANITIZE MATCHES "undefined")
    # This check needs type information that SOCI's library keeps to itself.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()

# Warnings are errors, for our own code only: third-party headers are system headers.
set(OFICIO_WARNINGS -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-align -Woverloaded-virtual -Wimplicit-fallthrough -Wunused -Wno-missing-field-initializers
  -Wno-missing-designated-field-initializers)
