// A folder of its own for one test, gone with it.
#pragma once
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace hydrant::objects {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hydrant-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  void write(const std::filesystem::path& relative, const std::string& text) const {
    std::filesystem::create_directories((path_ / relative).parent_path());
    std::ofstream(path_ / relative, std::ios::binary) << text;
  }
  std::string read(const std::filesystem::path& relative) const {
    std::ifstream file(path_ / relative, std::ios::binary);
    if (!file) return "(no such file)";
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  // Every file (not folder), relative, sorted.
  std::vector<std::string> files(const std::filesystem::path& relative = ".") const {
    std::vector<std::string> found;
    const auto base = path_ / relative;
    if (!std::filesystem::exists(base)) return found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(base)) {
      if (!entry.is_directory()) found.push_back(entry.path().lexically_relative(base).string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace hydrant::objects
