// Logger: handed in, never fetched. key=value lines on stderr, or JSON lines. The only header that
// names spdlog.
#pragma once
#include <spdlog/logger.h>

#include <memory>
#include <string>

namespace hydrant {

// Thread-safe. No logging under a lock.
class Logger {
 public:
  // level: trace, debug, info, warn, error, off. format: text or json.
  static std::shared_ptr<Logger> to_stderr(const std::string& level, const std::string& format);
  static std::shared_ptr<Logger> silent();

  explicit Logger(std::shared_ptr<spdlog::logger> sink) : sink_(std::move(sink)) {}

  template <class... Args>
  void debug(spdlog::format_string_t<Args...> text, Args&&... args) {
    sink_->debug(text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(spdlog::format_string_t<Args...> text, Args&&... args) {
    sink_->info(text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warn(spdlog::format_string_t<Args...> text, Args&&... args) {
    sink_->warn(text, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(spdlog::format_string_t<Args...> text, Args&&... args) {
    sink_->error(text, std::forward<Args>(args)...);
  }
  bool info_enabled() const { return sink_->should_log(spdlog::level::info); }

 private:
  std::shared_ptr<spdlog::logger> sink_;
};

}  // namespace hydrant
