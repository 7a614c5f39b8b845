#include "server/gaps.h"

namespace hydrant::server {

void Gaps::add(const std::string& where, const std::string& setting, const std::string& why) {
  Gap gap{where, setting, why};
  MutexLock lock(mutex_);
  if (seen_.contains(gap)) return;
  // A client that makes up names in a loop must not fill the memory.
  if (gaps_.size() == kGapsMax) {
    ++dropped_;
    return;
  }
  seen_.insert(gap);
  gaps_.push_back(std::move(gap));
}

std::vector<Gap> Gaps::list() const {
  MutexLock lock(mutex_);
  return gaps_;
}

std::size_t Gaps::dropped() const {
  MutexLock lock(mutex_);
  return dropped_;
}

void Gaps::clear() {
  MutexLock lock(mutex_);
  gaps_.clear();
  seen_.clear();
  dropped_ = 0;
}

}  // namespace hydrant::server
