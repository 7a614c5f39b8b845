# Warnings are errors in our own code; third-party headers are SYSTEM and stay out of it.
add_library(hydrant_warnings INTERFACE)
target_compile_options(hydrant_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(hydrant_warnings INTERFACE -Wthread-safety)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlapping copies inside operator+ of std::string where there are none (PR 105651).
  target_compile_options(hydrant_warnings INTERFACE -Wno-restrict)
endif()
