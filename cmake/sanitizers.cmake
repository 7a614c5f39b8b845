# HYDRANT_SANITIZE: a comma-separated list for -fsanitize, over every target of the build.
set(HYDRANT_SANITIZE "" CACHE STRING "address,undefined or thread")
if(HYDRANT_SANITIZE)
  add_compile_options(-fsanitize=${HYDRANT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HYDRANT_SANITIZE})
endif()
if(HYDRANT_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-tsan)  # Asio has a fence that this sanitizer does not follow
endif()
