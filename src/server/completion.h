// What bash, zsh and fish complete behind `hydrant`: every flag, and the values and paths that it
// takes. Made from the table of settings when the program is built.
#pragma once
#include <string>

namespace hydrant::server {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace hydrant::server
