// A streamed body that a test feeds, and that tells what is done with it.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "net/message.h"

namespace hydrant::net {

class FedStream {
 public:
  // For the reply of one request.
  std::shared_ptr<BodyStream> body() { return std::make_shared<Body>(state_); }

  void feed(std::string bytes) {
    change([&](State& state) { state.fed.append(bytes); });
  }
  void end() {
    change([](State& state) { state.ended = true; });
  }
  // From now on each read gives a block of this size, without end.
  void feed_for_ever(std::size_t block_bytes) {
    change([&](State& state) { state.endless_bytes = block_bytes; });
  }
  void wake() {
    change([](State&) {});
  }

  bool wait_started() {
    return wait([](const State& state) { return state.wake != nullptr; });
  }
  bool wait_destroyed() {
    return wait([](const State& state) { return state.destroyed; });
  }
  bool wait_reads(int count) {
    return wait([=](const State& state) { return state.reads >= count; });
  }
  bool destroyed() {
    std::lock_guard lock(state_->mutex);
    return state_->destroyed;
  }
  std::size_t bytes_read() {
    std::lock_guard lock(state_->mutex);
    return state_->bytes_read;
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> wake;
    std::string fed;
    std::size_t endless_bytes = 0;
    std::size_t bytes_read = 0;
    int reads = 0;
    bool ended = false;
    bool destroyed = false;
  };

  class Body final : public BodyStream {
   public:
    explicit Body(std::shared_ptr<State> state) : state_(std::move(state)) {}
    ~Body() override {
      std::lock_guard lock(state_->mutex);
      state_->destroyed = true;
      state_->changed.notify_all();
    }
    void start(std::function<void()> wake) override {
      std::lock_guard lock(state_->mutex);
      state_->wake = std::move(wake);
      state_->changed.notify_all();
    }
    Next read(std::string& out) override {
      std::lock_guard lock(state_->mutex);
      ++state_->reads;
      state_->changed.notify_all();
      const std::size_t before = out.size();
      out.append(std::exchange(state_->fed, {})).append(state_->endless_bytes, 'x');
      state_->bytes_read += out.size() - before;
      if (state_->ended) return Next::end;
      return state_->endless_bytes > 0 ? Next::more : Next::wait;
    }

   private:
    const std::shared_ptr<State> state_;
  };

  template <class Function>
  void change(Function&& function) {
    std::function<void()> wake;
    {
      std::lock_guard lock(state_->mutex);
      function(*state_);
      wake = state_->wake;
    }
    if (wake) wake();
  }
  template <class Predicate>
  bool wait(Predicate&& predicate) {
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_for(lock, std::chrono::seconds(10),
                                    [&] { return predicate(*state_); });
  }

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace hydrant::net
