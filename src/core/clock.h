// Clock: the only source of time. Reading it and waiting for it are one interface: a test that
// controls the first and not the second is a flaky test.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace hydrant {

using Duration = std::chrono::microseconds;
using TimePoint = std::chrono::sys_time<Duration>;

// What epoch fields of the services hold.
std::int64_t epoch_millis(TimePoint time);
std::int64_t epoch_seconds(TimePoint time);

// The system's own clocks, for what must stay on real time (sockets, deadlines of a process, the
// skew of a signature). Everything a client of the services sees asks a Clock instead.
TimePoint system_now();
std::chrono::steady_clock::time_point steady_now();

// Thread-safe. A task runs on a thread of the clock's choosing and must be short: it hands long
// work to a ThreadPool.
class Clock {
 public:
  using TimerId = std::uint64_t;  // never 0
  using Task = std::function<void()>;
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;  // never goes backwards
  virtual TimerId at(TimePoint deadline, Task task) = 0;
  virtual bool cancel(TimerId id) = 0;  // false: it has run, or runs now
};

// Timers by deadline and then by age, the order in which every clock runs them. Not thread-safe.
class TimerQueue {
 public:
  Clock::TimerId add(TimePoint deadline, Clock::Task task);
  bool remove(Clock::TimerId id);
  bool empty() const { return timers_.empty(); }
  TimePoint next_deadline() const { return timers_.begin()->first.first; }  // not when empty
  std::pair<TimePoint, Clock::Task> pop();                                  // not when empty

 private:
  std::map<std::pair<TimePoint, Clock::TimerId>, Clock::Task> timers_;
  std::map<Clock::TimerId, TimePoint> deadlines_;
  Clock::TimerId next_id_ = 1;
};

// Stands still until advance(). Tasks run on the thread that calls it, by deadline and then by age,
// so an hour of buffering is instant and always gives the same result.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(TimePoint start) : now_(start) {}
  TimePoint now() const override;
  TimerId at(TimePoint deadline, Task task) override;
  bool cancel(TimerId id) override;

  // Moves the time, stopping at every deadline on the way. `settle` is called before the first
  // step and after the tasks of each deadline; it returns when the work they set off is done, so
  // that what that work arms inside the interval runs too. One caller at a time. False if
  // interrupt() ended it before the whole of `by` had passed: one while it was under way, or since
  // interruptions() was read that are given as `since`.
  bool advance(
      Duration by, const std::function<void()>& settle = [] {},
      std::optional<std::uint64_t> since = std::nullopt);
  // An advance() that is under way stops behind its present step. From any thread.
  void interrupt();
  std::uint64_t interruptions() const;

 private:
  mutable std::mutex mutex_;
  TimePoint now_;
  TimerQueue timers_;
  std::uint64_t interruptions_ = 0;
};

// The system's time, or that time run `factor` times as fast from the moment of construction (a
// 300 s buffer in 5 s at x60). Tasks run on a thread of its own.
class RealClock final : public Clock {
 public:
  explicit RealClock(double factor = 1.0);
  ~RealClock() override;  // stop()
  TimePoint now() const override;
  TimerId at(TimePoint deadline, Task task) override;
  bool cancel(TimerId id) override;
  // Runs no more tasks: when it returns none is running. Before the things that tasks use go away.
  void stop();

 private:
  void run();
  TimePoint read() const;

  const double factor_;
  const TimePoint started_;
  const std::chrono::steady_clock::time_point steady_started_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  TimerQueue timers_;
  bool stopping_ = false;
  std::thread thread_;
};

// "2026-01-01T00:00:00Z" (fractions of a second allowed) -> time; false if it is not one.
bool parse_utc(const std::string& text, TimePoint& time);
std::string format_utc(TimePoint time);  // 2026-01-01T00:00:00.000Z

}  // namespace hydrant
