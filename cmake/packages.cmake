# What `cpack` makes of an installation: hydrant-VERSION-SYSTEM-MACHINE.tar.gz, the Debian package
# hydrant, and hydrant-dev with the library. packaging/cpack.cmake tells the two kinds apart.

# A tar.gz is unpacked in /usr/local, the Debian package in /usr.
function(hydrant_service unit_program unit_config file)
  configure_file("${packaging}/hydrant.service.in" "${file}" @ONLY)
endfunction()
hydrant_service(/usr/local/bin/hydrant /usr/local/etc/hydrant/hydrant.json "${made}/local/hydrant.service")
hydrant_service(/usr/bin/hydrant /etc/hydrant/hydrant.json "${made}/debian/hydrant.service")

# For packages only, and the tar.gz alone.
install(FILES "${made}/local/hydrant.service" DESTINATION lib/systemd/system
  COMPONENT service EXCLUDE_FROM_ALL)
install(FILES "${packaging}/hydrant.json" DESTINATION etc/hydrant COMPONENT service EXCLUDE_FROM_ALL)

find_program(DPKG_DEB dpkg-deb)
find_program(GZIP gzip)
set(CPACK_GENERATOR TGZ)
if(DPKG_DEB AND GZIP)
  set(CPACK_GENERATOR DEB TGZ)

  # Pages and changelogs are compressed in a Debian package.
  set(compressed "")
  foreach(pair IN ITEMS
      "${made}/hydrant.1=hydrant.1.gz" "${PROJECT_SOURCE_DIR}/CHANGELOG.md=changelog.gz"
      "${packaging}/debian/changelog=changelog.Debian.gz")
    string(REPLACE "=" ";" pair "${pair}")
    list(GET pair 0 plain)
    list(GET pair 1 file)
    set(file "${made}/debian/${file}")
    add_custom_command(OUTPUT "${file}" DEPENDS "${plain}" VERBATIM
      COMMAND "${GZIP}" -9nc "${plain}" > "${file}")
    list(APPEND compressed "${file}")
  endforeach()
  add_custom_target(debian_pages DEPENDS ${compressed})
  add_dependencies(debian_pages manual_pages)
  add_dependencies(installed debian_pages)

  install(FILES "${made}/debian/hydrant.1.gz" DESTINATION share/man/man1
    COMPONENT debian EXCLUDE_FROM_ALL)
  install(FILES "${made}/_hydrant" DESTINATION share/zsh/vendor-completions
    COMPONENT debian EXCLUDE_FROM_ALL)
  install(FILES "${made}/debian/hydrant.service" DESTINATION /lib/systemd/system
    COMPONENT debian EXCLUDE_FROM_ALL)
  install(FILES "${packaging}/hydrant.json" DESTINATION /etc/hydrant
    COMPONENT debian EXCLUDE_FROM_ALL)
  foreach(component IN ITEMS debian debian_dev)
    string(REPLACE debian hydrant package ${component})
    string(REPLACE _ - package ${package})
    install(FILES "${packaging}/debian/copyright" "${made}/debian/changelog.gz"
      "${made}/debian/changelog.Debian.gz" DESTINATION share/doc/${package}
      COMPONENT ${component} EXCLUDE_FROM_ALL)
  endforeach()
  install(FILES README.md DESTINATION share/doc/hydrant COMPONENT debian EXCLUDE_FROM_ALL)
  install(DIRECTORY docs DESTINATION share/doc/hydrant COMPONENT debian EXCLUDE_FROM_ALL)
endif()

set(CPACK_PACKAGE_NAME hydrant)
set(CPACK_PACKAGE_VENDOR "The hydrant maintainers")
set(CPACK_PACKAGE_CONTACT "The hydrant maintainers <maintainers@hydrant.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "local server with the APIs of Amazon Kinesis and Amazon Data Firehose")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGE_FILE_NAME "hydrant-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)  # the program; archives stay as they are
set(CPACK_PROJECT_CONFIG_FILE "${packaging}/cpack.cmake")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_COMPONENTS_ALL program manual library service)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_HYDRANT_PACKAGE_NAME hydrant)
set(CPACK_DEBIAN_HYDRANT_PACKAGE_SECTION net)
set(CPACK_DEBIAN_HYDRANT_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_HYDRANT_PACKAGE_RECOMMENDS "python3, nodejs")
set(CPACK_DEBIAN_HYDRANT_PACKAGE_CONTROL_EXTRA "${packaging}/debian/postinst" "${packaging}/debian/prerm"
  "${packaging}/debian/postrm" "${packaging}/debian/conffiles")
set(CPACK_DEBIAN_HYDRANT_DESCRIPTION
"For development and tests of what talks to Kinesis Data Streams and Data
Firehose: any AWS SDK works with it. Streams have the limits of the service,
delivery streams run Lambda transforms and write their objects as plain files,
and the clock can be one that a test advances.
.
The service is neither enabled nor started when this is installed.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME hydrant-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
# What hydrant-config.cmake looks for.
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libdeflate-dev, libhowardhinnant-date-dev, libjq-dev, libnghttp2-dev, \
libsimdjson-dev, libsnappy-dev, libspdlog-dev, libssl-dev, pkg-config")
set(CPACK_DEBIAN_DEV_DESCRIPTION
"Headers, archive and CMake package of hydrant, for programs that start a
server within themselves, such as tests in C++.")

include(CPack)
cpack_add_component(program GROUP hydrant)
cpack_add_component(debian GROUP hydrant)
cpack_add_component(library GROUP dev)
cpack_add_component(debian_dev GROUP dev)
cpack_add_component_group(hydrant)
cpack_add_component_group(dev)
