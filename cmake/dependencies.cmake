# Every third-party library, in one place; ARCHITECTURE.md says what each one saves.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(simdjson REQUIRED)
pkg_check_modules(libdeflate REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2)
pkg_check_modules(snappy REQUIRED IMPORTED_TARGET snappy)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)  # a header is all of it
find_package(date REQUIRED)  # Howard Hinnant's; with the system's time zones

# libjq comes without a description of itself.
find_path(JQ_INCLUDE_DIR jq.h REQUIRED)
find_library(JQ_LIBRARY jq REQUIRED)
add_library(jq::jq UNKNOWN IMPORTED)
set_target_properties(jq::jq PROPERTIES IMPORTED_LOCATION "${JQ_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${JQ_INCLUDE_DIR}")

# A json converts to everything unless told not to, and so would hide mistakes (and break Result<Json>).
add_compile_definitions(JSON_USE_IMPLICIT_CONVERSIONS=0)
# Asio: only the parts in use, and no deprecated names.
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
