# Third-party libraries, all from Debian, each as one imported target.
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(ctemplate REQUIRED IMPORTED_TARGET libctemplate)
find_package(CURL REQUIRED)

# What speaks to the servers that the marketplace may live on.
find_package(mongoc-1.0 REQUIRED)
find_package(rabbitmq-c REQUIRED)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(mariadb REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(postgresql REQUIRED IMPORTED_TARGET libpq)

# Its headers alone: the driver loads the library when the first picture comes.
pkg_check_modules(vips REQUIRED vips)
add_library(vips::headers INTERFACE IMPORTED GLOBAL)
target_include_directories(vips::headers SYSTEM INTERFACE ${vips_INCLUDE_DIRS})

# SOCI 4.0 in Debian ships no CMake configuration.
function(oficio_find_soci name library)
  find_library(${name}_LIBRARY ${library} REQUIRED)
  add_library(soci::${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(soci::${name} PROPERTIES IMPORTED_LOCATION "${${name}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "/usr/include/soci")
endfunction()
oficio_find_soci(core soci_core)
oficio_find_soci(sqlite3 soci_sqlite3)
oficio_find_soci(mysql soci_mysql)
oficio_find_soci(postgresql soci_postgresql)

if(OFICIO_TESTS)
  find_package(GTest REQUIRED)
endif()
