// What stands in front of every query: the functions of jq that libjq 1.6 must not be left alone
// with.
#pragma once
#include <string_view>

namespace hydrant::delivery {

// On one line, so that it does not show in error messages. As a program it begins with something,
// neither import nor include can follow.
std::string_view query_prelude();

}  // namespace hydrant::delivery
