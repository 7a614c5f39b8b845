// Objects that wait to be written, in order, one at a time. A delivery stream has one for its
// destination and one for its backup, so that neither holds up the other. Not thread-safe: the
// delivery stream's mutex guards it.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "core/clock.h"
#include "engine/delivery/s3_object.h"

namespace hydrant::delivery {

inline constexpr std::size_t kOutboxes = 2;
inline std::size_t outbox_of(ObjectKind kind) { return kind == ObjectKind::backup ? 1 : 0; }

class Outbox {
 public:
  using ObjectPtr = std::shared_ptr<S3Object>;
  enum class State { idle, writing, backing_off };

  State state = State::idle;
  std::optional<Clock::TimerId> timer;  // of the back-off

  void push(ObjectPtr object) {
    object->number = ++last_number_;
    objects_.push_back(std::move(object));
  }
  void pop() {
    objects_.pop_front();
    failures_ = 0;
  }
  bool empty() const { return objects_.empty(); }
  const ObjectPtr& front() const { return objects_.front(); }
  const std::deque<ObjectPtr>& objects() const { return objects_; }
  std::uint64_t last_number() const { return last_number_; }
  bool written_up_to(std::uint64_t number) const {
    return objects_.empty() || objects_.front()->number > number;
  }

  // It is to be tried for as long again as a new one.
  void forget_failures() { failures_ = 0; }
  // After one more failure of the first object: 1, 2, 4, ... 60 s.
  Duration next_back_off() {
    constexpr int kDoublingsMax = 6;
    constexpr std::chrono::seconds kMax{60};
    const auto wait = std::chrono::seconds(1LL << std::min(failures_, kDoublingsMax));
    ++failures_;
    return std::min(wait, kMax);
  }
  std::deque<ObjectPtr> clear() { return std::exchange(objects_, {}); }

 private:
  std::deque<ObjectPtr> objects_;
  std::uint64_t last_number_ = 0;
  int failures_ = 0;
};

}  // namespace hydrant::delivery
