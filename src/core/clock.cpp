#include "core/clock.h"

#include <algorithm>
#include <cstdio>

namespace hydrant {

std::int64_t epoch_millis(TimePoint time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

std::int64_t epoch_seconds(TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

TimePoint system_now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::chrono::steady_clock::time_point steady_now() { return std::chrono::steady_clock::now(); }

Clock::TimerId TimerQueue::add(TimePoint deadline, Clock::Task task) {
  const auto id = next_id_++;
  timers_.emplace(std::pair{deadline, id}, std::move(task));
  deadlines_.emplace(id, deadline);
  return id;
}

bool TimerQueue::remove(Clock::TimerId id) {
  const auto known = deadlines_.find(id);
  if (known == deadlines_.end()) return false;
  timers_.erase({known->second, id});
  deadlines_.erase(known);
  return true;
}

std::pair<TimePoint, Clock::Task> TimerQueue::pop() {
  auto timer = timers_.extract(timers_.begin());
  deadlines_.erase(timer.key().second);
  return {timer.key().first, std::move(timer.mapped())};
}

TimePoint VirtualClock::now() const {
  std::lock_guard lock(mutex_);
  return now_;
}

Clock::TimerId VirtualClock::at(TimePoint deadline, Task task) {
  std::lock_guard lock(mutex_);
  return timers_.add(deadline, std::move(task));
}

bool VirtualClock::cancel(TimerId id) {
  std::lock_guard lock(mutex_);
  return timers_.remove(id);
}

// All timers of one deadline run before the work they set off is waited for: they are due together.
bool VirtualClock::advance(Duration by, const std::function<void()>& settle,
                           std::optional<std::uint64_t> since) {
  std::unique_lock lock(mutex_);
  const auto interruptions = since.value_or(interruptions_);
  lock.unlock();
  settle();
  lock.lock();
  const TimePoint end = now_ + by;
  while (!timers_.empty() && timers_.next_deadline() <= end) {
    if (interruptions != interruptions_) return false;
    now_ = std::max(now_, timers_.next_deadline());
    while (!timers_.empty() && timers_.next_deadline() <= now_) {
      auto task = timers_.pop().second;
      lock.unlock();
      task();
      lock.lock();
    }
    lock.unlock();
    settle();
    lock.lock();
  }
  if (interruptions != interruptions_) return false;
  now_ = end;
  return true;
}

void VirtualClock::interrupt() {
  std::lock_guard lock(mutex_);
  ++interruptions_;
}

std::uint64_t VirtualClock::interruptions() const {
  std::lock_guard lock(mutex_);
  return interruptions_;
}

RealClock::RealClock(double factor)
    : factor_(factor), started_(system_now()), steady_started_(steady_now()) {
  thread_ = std::thread([this] { run(); });
}

RealClock::~RealClock() { stop(); }

void RealClock::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Counted from the start on the steady clock, so a step of the system's time cannot run it
// backwards.
TimePoint RealClock::read() const {
  const auto elapsed = std::chrono::duration<double, std::micro>(steady_now() - steady_started_);
  return started_ + Duration(static_cast<std::int64_t>(elapsed.count() * factor_));
}

TimePoint RealClock::now() const { return read(); }

Clock::TimerId RealClock::at(TimePoint deadline, Task task) {
  TimerId id = 0;
  {
    std::lock_guard lock(mutex_);
    id = timers_.add(deadline, std::move(task));
  }
  changed_.notify_all();
  return id;
}

bool RealClock::cancel(TimerId id) {
  std::lock_guard lock(mutex_);
  return timers_.remove(id);
}

void RealClock::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (timers_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto due = timers_.next_deadline() - read();
    if (due > Duration::zero()) {
      changed_.wait_for(lock, std::chrono::duration<double, std::micro>(
                                  static_cast<double>(due.count()) / factor_));
      continue;
    }
    auto task = timers_.pop().second;
    lock.unlock();
    task();
    lock.lock();
  }
}

bool parse_utc(const std::string& text, TimePoint& time) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, used = 0;
  double second = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%n", &year, &month, &day, &hour, &minute,
                  &second, &used) != 6)
    return false;
  if (text.substr(static_cast<std::size_t>(used)) != "Z") return false;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool in_range = date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
                        second >= 0 && second < 60;
  if (!in_range) return false;
  time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         Duration(static_cast<std::int64_t>(second * 1e6));
  return true;
}

std::string format_utc(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace hydrant
