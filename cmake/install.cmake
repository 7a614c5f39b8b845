# What `cmake --install` puts where. Components: program, manual, library; packages.cmake has more,
# for packages only. The target `installed` is all of them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(packaging "${PROJECT_SOURCE_DIR}/packaging")
set(made "${PROJECT_BINARY_DIR}/packaging")  # what is made for packages while building
file(MAKE_DIRECTORY "${made}")

# The date of the page is that of the newest version in the changelog of the Debian package.
file(STRINGS "${packaging}/debian/changelog" signatures REGEX "^ -- ")
list(GET signatures 0 signature)
string(REGEX MATCH "([0-9][0-9]?) ([A-Z][a-z][a-z]) ([0-9][0-9][0-9][0-9])" ignored "${signature}")
set(day 0${CMAKE_MATCH_1})
set(year ${CMAKE_MATCH_3})
string(FIND "JanFebMarAprMayJunJulAugSepOctNovDec" "${CMAKE_MATCH_2}" month)
math(EXPR month "${month} / 3 + 1")
string(REGEX MATCH "..$" day "${day}")
string(REGEX MATCH "..$" month "0${month}")

add_executable(print_manual EXCLUDE_FROM_ALL "${packaging}/print_manual.cpp")
target_link_libraries(print_manual PRIVATE hydrant_server hydrant_warnings)
set(manual man ${year}-${month}-${day})
set(pages "")
foreach(page IN ITEMS "hydrant.1 ${manual}" "hydrant.bash bash" "_hydrant zsh" "hydrant.fish fish")
  separate_arguments(arguments UNIX_COMMAND "${page}")
  list(POP_FRONT arguments file)
  add_custom_command(OUTPUT "${made}/${file}" DEPENDS print_manual VERBATIM
    COMMAND print_manual ${arguments} > "${made}/${file}")
  list(APPEND pages "${made}/${file}")
endforeach()
add_custom_target(manual_pages DEPENDS ${pages})
set(by_default ALL)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(by_default "")  # for the tests of modules, which have no use for it
endif()
add_custom_target(installed ${by_default} DEPENDS hydrant hydrant_library manual_pages)

install(TARGETS hydrant RUNTIME COMPONENT program)
install(FILES "${made}/hydrant.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  RENAME hydrant COMPONENT program)
install(FILES "${made}/hydrant.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d"
  COMPONENT program)

install(FILES "${made}/hydrant.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT manual)
install(FILES "${made}/_hydrant" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" COMPONENT manual)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT manual)
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT manual)

set(config "${CMAKE_INSTALL_LIBDIR}/cmake/hydrant")
install(DIRECTORY include/hydrant DESTINATION include COMPONENT library)
install(TARGETS hydrant_library EXPORT hydrant ARCHIVE COMPONENT library)
install(EXPORT hydrant FILE hydrant-targets.cmake NAMESPACE hydrant:: DESTINATION "${config}"
  COMPONENT library)
configure_package_config_file(cmake/hydrant-config.cmake.in "${made}/hydrant-config.cmake"
  INSTALL_DESTINATION "${config}")
write_basic_package_version_file("${made}/hydrant-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${made}/hydrant-config.cmake" "${made}/hydrant-config-version.cmake"
  DESTINATION "${config}" COMPONENT library)
