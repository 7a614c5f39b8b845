// hydrant(1): the manual page, made from the table of settings when the program is built.
#pragma once
#include <string>
#include <string_view>

namespace hydrant::server {

// In the macros of man(7). `date` is that of the version, as 2026-01-31.
std::string manual_page(std::string_view date);

}  // namespace hydrant::server
