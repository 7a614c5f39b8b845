# hydrant_test(<folder> LABEL <label> USES <modules>... [SUPPORT <sources>...] [PCH <header>])
#
# One folder under tests/ = one GoogleTest program, named after the folder; each of its cases is a ctest.
include(GoogleTest)
find_package(GTest REQUIRED)
function(hydrant_test folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;PCH" "USES;SUPPORT")

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp" "${folder}/*.h")
  if(NOT sources)
    return()
  endif()
  string(REPLACE "/" "_" target "test_${folder}")
  add_executable(${target} ${sources} ${arg_SUPPORT})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  list(TRANSFORM arg_USES REPLACE "/" "_")
  list(TRANSFORM arg_USES PREPEND "hydrant_")
  target_link_libraries(${target} PRIVATE ${arg_USES} GTest::gmock GTest::gtest_main hydrant_warnings)
  # A fixture that many files begin with is most of what they cost to compile.
  if(arg_PCH)
    target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests/${arg_PCH}")
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # for ccache
  endif()
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS "${arg_LABEL}" TIMEOUT 120)
endfunction()
