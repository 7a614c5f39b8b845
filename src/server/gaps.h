// Gaps: the settings that a request or the configuration gave and hydrant takes but does not
// emulate. A user who wonders why nothing happens asks /_hydrant/gaps.
#pragma once
#include <compare>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "core/mutex.h"

namespace hydrant::server {

struct Gap {
  std::string where;    // what it was given to: "CreateDeliveryStream logs", "configuration"
  std::string setting;  // its path: "ExtendedS3DestinationConfiguration.EncryptionConfiguration"
  std::string why;      // what hydrant does instead, as one sentence
  auto operator<=>(const Gap&) const = default;
};

// Thread-safe.
class Gaps {
 public:
  // Once for each where, setting and why; beyond kGapsMax they are only counted.
  void add(const std::string& where, const std::string& setting, const std::string& why);
  std::vector<Gap> list() const;  // in the order in which they were first met
  std::size_t dropped() const;    // how many of them list() has no room for
  void clear();

  static constexpr std::size_t kGapsMax = 1000;

 private:
  mutable Mutex mutex_;
  std::vector<Gap> gaps_ GUARDED_BY(mutex_);
  std::set<Gap> seen_ GUARDED_BY(mutex_);
  std::size_t dropped_ GUARDED_BY(mutex_) = 0;
};

}  // namespace hydrant::server
