# daybook_library(NAME storage SRCS ... DEPS ...) and daybook_test(...), with
# daybook_program(...) for binaries: the only ways a C++ target is made here, so
# that warnings and the public list of dependencies can not be forgotten.
include_guard(GLOBAL)

add_library(daybook_flags INTERFACE)
target_compile_features(daybook_flags INTERFACE cxx_std_20)
target_include_directories(daybook_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(daybook_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Werror=thread-safety>
  $<$<BOOL:${DAYBOOK_WERROR}>:-Werror>)

if(DAYBOOK_SANITIZE)
  add_compile_options(-fsanitize=${DAYBOOK_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DAYBOOK_SANITIZE})
endif()

# What each program and test has besides its own.
set(DAYBOOK_RUNTIME)
if(DAYBOOK_SANITIZE STREQUAL thread)
  set(DAYBOOK_RUNTIME ${PROJECT_SOURCE_DIR}/tests/support/tsan_mutex.cc)
endif()

# REUSE_PCH names a target whose precompiled headers this one shares.
function(daybook_library)
  cmake_parse_arguments(ARG "" "NAME;REUSE_PCH" "SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(daybook_${ARG_NAME} STATIC ${ARG_SRCS})
  add_library(daybook::${ARG_NAME} ALIAS daybook_${ARG_NAME})
  target_link_libraries(daybook_${ARG_NAME}
    PUBLIC ${ARG_DEPS} PRIVATE daybook_flags ${ARG_PRIVATE_DEPS})
  if(ARG_REUSE_PCH)
    target_precompile_headers(daybook_${ARG_NAME} REUSE_FROM ${ARG_REUSE_PCH})
  endif()
endfunction()

# NAME is also the file name of the binary, in the build folder's bin/.
function(daybook_program)
  cmake_parse_arguments(ARG "" "NAME;REUSE_PCH" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS} ${DAYBOOK_RUNTIME})
  target_link_libraries(${ARG_NAME} PRIVATE daybook_flags ${ARG_DEPS})
  set_target_properties(${ARG_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  if(ARG_REUSE_PCH)
    target_precompile_headers(${ARG_NAME} REUSE_FROM ${ARG_REUSE_PCH})
  endif()
endfunction()

# LABELS is one of unit, golden, simulation, fault, end_to_end, tidy.
function(daybook_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT;REUSE_PCH" "SRCS;DEPS;LABELS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS} ${DAYBOOK_RUNTIME})
  target_link_libraries(${ARG_NAME} PRIVATE daybook_flags ${ARG_DEPS}
    GTest::gmock GTest::gtest_main)
  if(ARG_REUSE_PCH)
    target_precompile_headers(${ARG_NAME} REUSE_FROM ${ARG_REUSE_PCH})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${ARG_NAME} PROPERTIES
    LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
