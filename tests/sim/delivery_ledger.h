// The ledger of the delivery soak: what was accepted and what became of it, record by record. Every
// record carries marks (#7.123#) that survive each kind of work on it, so a fate is read off the
// objects themselves and not off anybody's counters.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace hydrant::delivery {

// How often each mark was seen in each place.
struct MarkCounts {
  std::int64_t accepted = 0, delivered = 0, failed = 0, dropped = 0, backed_up = 0;
};

// Thread-safe.
class Ledger {
 public:
  using Place = std::int64_t MarkCounts::*;

  void note(Place place, std::string_view text, std::int64_t times = 1) {
    std::lock_guard lock(mutex_);
    for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at)) {
      const std::size_t end = text.find_first_not_of("0123456789.", ++at);
      if (end == std::string_view::npos) return;
      if (end == at || text[end] != '#') continue;  // bytes that look like the start of one
      marks_[std::string(text.substr(at, end - at))].*place += times;
      at = end + 1;
    }
  }
  std::map<std::string, MarkCounts> marks() const {
    std::lock_guard lock(mutex_);
    return marks_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, MarkCounts> marks_;
};

}  // namespace hydrant::delivery
