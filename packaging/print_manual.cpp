// Prints what a package holds besides the program and follows from its table of settings:
//   print_manual man DATE | bash | zsh | fish
#include <iostream>
#include <string_view>

#include "server/completion.h"
#include "server/manual.h"

int main(int argc, char** argv) {
  using namespace hydrant::server;
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "man" && argc == 3) {
    std::cout << manual_page(argv[2]);
  } else if (what == "bash") {
    std::cout << bash_completion();
  } else if (what == "zsh") {
    std::cout << zsh_completion();
  } else if (what == "fish") {
    std::cout << fish_completion();
  } else {
    std::cerr << "usage: print_manual man DATE | bash | zsh | fish\n";
    return 2;
  }
  return std::cout.flush() ? 0 : 1;
}
