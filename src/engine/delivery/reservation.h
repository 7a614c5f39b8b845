// Reservation: a share of the memory budget that is given back when its owner goes, by whatever
// path that happens: delivered, given up, discarded or reset.
#pragma once
#include <cstdint>
#include <utility>

#include "core/memory_budget.h"

namespace hydrant::delivery {

class Reservation {
 public:
  Reservation() = default;
  // Takes over bytes that have been reserved already.
  static Reservation adopt(MemoryBudget& budget, std::int64_t bytes) { return {&budget, bytes}; }
  // Reserves whether they fit or not: what a transform made out of accepted data is not refused.
  static Reservation force(MemoryBudget& budget, std::int64_t bytes) {
    budget.release(-bytes);
    return {&budget, bytes};
  }

  Reservation(Reservation&& other) noexcept
      : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
  Reservation& operator=(Reservation&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Reservation() {
    if (bytes_ != 0) budget_->release(bytes_);
  }

  // A part of it, no more than there is.
  Reservation split(std::int64_t bytes) {
    const std::int64_t part = bytes < bytes_ ? bytes : bytes_;
    bytes_ -= part;
    return {budget_, part};
  }
  void absorb(Reservation other) {
    if (budget_ == nullptr) budget_ = other.budget_;
    bytes_ += std::exchange(other.bytes_, 0);
  }
  std::int64_t bytes() const { return bytes_; }

 private:
  Reservation(MemoryBudget* budget, std::int64_t bytes) : budget_(budget), bytes_(bytes) {}
  MemoryBudget* budget_ = nullptr;
  std::int64_t bytes_ = 0;
};

}  // namespace hydrant::delivery
