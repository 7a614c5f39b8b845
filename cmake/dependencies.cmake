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

# A json converts to everything unless told not to, and so would hide mistakes (and break Result<Json>).
add_compile_definitions(JSON_USE_IMPLICIT_CONVERSIONS=0)
# Asio: only the parts in use, and no deprecated names.
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
