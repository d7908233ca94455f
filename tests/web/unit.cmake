# Runs the web application's unit tests in the folder where it was built: cmake -DFROM= -DPLACE= -DNODE= -DCONTRACTS= -P unit.cmake
file(REMOVE_RECURSE "${PLACE}/tests")
file(COPY "${FROM}/" DESTINATION "${PLACE}/tests")
execute_process(COMMAND "${CMAKE_COMMAND}" -E env "OFICIO_CONTRACTS=${CONTRACTS}" "${NODE}" node_modules/vitest/vitest.mjs run WORKING_DIRECTORY "${PLACE}" COMMAND_ERROR_IS_FATAL ANY)
