# hydrant_module(<folder> [USES <folders>...] [LINKS <targets>...])
#
# One folder under src/ = one static library. USES is the only way to reach another module, so the
# list of USES in src/CMakeLists.txt is the dependency diagram of the project.
function(hydrant_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS")

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${name}/*.cpp" "${name}/*.h")
  file(GLOB_RECURSE units "${name}/*.cpp")
  if(NOT units)
    return()
  endif()
  string(REPLACE "/" "_" target "hydrant_${name}")
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/include")

  list(TRANSFORM arg_USES REPLACE "/" "_")
  list(TRANSFORM arg_USES PREPEND "hydrant_")
  target_link_libraries(${target} PUBLIC ${arg_USES} ${arg_LINKS} PRIVATE hydrant_warnings)
  # For hydrant_library, which is all of them.
  set_property(GLOBAL APPEND PROPERTY HYDRANT_MODULES ${target})
  set_property(GLOBAL APPEND PROPERTY HYDRANT_LINKS ${arg_LINKS})
endfunction()
