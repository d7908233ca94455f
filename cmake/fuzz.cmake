# oficio_fuzz(name target.cpp sources... LINK modules...): a libFuzzer program for a parser of outside
# bytes. `sources` (below src/) are the parser's own files: they are compiled again with coverage and
# sanitizers, and stand before the modules' libraries; everything else is linked as it is.
#
# As a test it runs over its corpus (tests/fuzz/corpus/<name>) and then some seconds of new inputs. To
# look longer: build/release/tests/fuzz/<name> -max_total_time=600 NEW_FOLDER tests/fuzz/corpus/<name>
function(oficio_fuzz name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  list(POP_FRONT arg_UNPARSED_ARGUMENTS target)
  list(TRANSFORM arg_UNPARSED_ARGUMENTS PREPEND "${CMAKE_SOURCE_DIR}/src/" OUTPUT_VARIABLE sources)
  add_executable(${name} ${target} ${sources})
  target_compile_options(${name} PRIVATE ${OFICIO_WARNINGS} -fsanitize=fuzzer,address,undefined
    -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined -fno-sanitize=vptr)
  target_link_libraries(${name} PRIVATE ${arg_LINK})

  set(corpus "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
  set(found "${CMAKE_CURRENT_BINARY_DIR}/found/${name}")
  file(MAKE_DIRECTORY "${found}")
  # A fixed seed: the same inputs each time, so that a failure is one that can be had again.
  add_test(NAME ${name} COMMAND ${name} -seed=1 -runs=200000 -max_total_time=4 -timeout=5 -rss_limit_mb=1024 -detect_leaks=0
    -max_len=8192 -print_final_stats=0 -verbosity=0 "-artifact_prefix=${found}/" "${found}" "${corpus}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 60
    # What OpenSSL keeps for each thread is freed when the thread ends, which the last one does too late.
    ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0")
endfunction()
