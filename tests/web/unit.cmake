# Runs the web application's unit tests in the folder where it was built: cmake -DFROM= -DPLACE= -DNODE= -P unit.cmake
file(REMOVE_RECURSE "${PLACE}/tests")
file(COPY "${FROM}/" DESTINATION "${PLACE}/tests")
execute_process(COMMAND "${NODE}" node_modules/vitest/vitest.mjs run WORKING_DIRECTORY "${PLACE}" COMMAND_ERROR_IS_FATAL ANY)
