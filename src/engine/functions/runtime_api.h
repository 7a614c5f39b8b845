// RuntimeApi: the side of the Lambda Runtime API that a process asks for work and gives results to.
//
// The API names invocations, not processes: a request does not say who asks. So each process has
// an instance of this at an address of its own, and what comes there comes from that process.
#pragma once
#include <chrono>
#include <condition_variable>
#include <optional>
#include <string>
#include <string_view>

#include "core/mutex.h"
#include "net/message.h"

namespace hydrant::functions {

struct Invocation {
  std::string id, arn, trace_id, payload;
  std::chrono::milliseconds time_max{};
};

enum class Ending {
  answered,
  failed,       // the function posted an error
  init_failed,  // the program could not get ready and posted an error
  too_large,    // the result was
  timed_out,
  init_timed_out,  // it did not ask for work in time
  exited,
  not_taken,  // a process that had served before was gone, or did not ask for work again
  abandoned,
};

struct Outcome {
  Ending ending;
  std::string text;  // the result or error as it was posted, or how the process exited
  bool process_is_usable() const {
    return ending == Ending::answered || ending == Ending::failed || ending == Ending::too_large;
  }
};

// Thread-safe; one invocation at a time.
class RuntimeApi final : public net::Handler {
 public:
  explicit RuntimeApi(std::chrono::milliseconds init_time_max) : init_time_max_(init_time_max) {}

  // Gives the invocation to the process when it asks for it, and waits for the end. The limit for
  // getting ready counts from this call, the time of the invocation from when it is given.
  Outcome invoke(const Invocation& invocation) EXCLUDES(mutex_);

  void process_exited(const std::string& how) EXCLUDES(mutex_);
  void abandon() EXCLUDES(mutex_);       // ends the invocation under way and refuses all others
  void drop_waiting() EXCLUDES(mutex_);  // forgets who waits, before the server goes

  net::Reply serve(const net::Request& request, net::Later& later) override EXCLUDES(mutex_);

 private:
  using Time = std::chrono::steady_clock::time_point;

  net::Reply serve_next(net::Later& later) EXCLUDES(mutex_);
  net::Reply serve_result(std::string_view id, std::string_view what, std::string_view body)
      EXCLUDES(mutex_);
  net::Reply serve_init_error(std::string_view body) EXCLUDES(mutex_);
  net::Reply hand_over() REQUIRES(mutex_);
  std::optional<Outcome> ending() REQUIRES(mutex_);

  const std::chrono::milliseconds init_time_max_;
  Mutex mutex_;
  std::condition_variable_any changed_;
  const Invocation* current_ GUARDED_BY(mutex_) = nullptr;
  bool given_ GUARDED_BY(mutex_) = false;
  Time deadline_ GUARDED_BY(mutex_);
  std::optional<Outcome> outcome_ GUARDED_BY(mutex_);
  net::Later::Give waiting_ GUARDED_BY(mutex_);  // a process that has asked for work
  bool has_served_ GUARDED_BY(mutex_) = false;
  bool abandoned_ GUARDED_BY(mutex_) = false;
  std::optional<std::string> exited_ GUARDED_BY(mutex_);
};

}  // namespace hydrant::functions
