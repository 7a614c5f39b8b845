#include "engine/functions/local_function.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/clock.h"
#include "engine/functions/failures.h"

namespace hydrant::functions {
namespace {

// From SIGTERM to SIGKILL, for a process that is ended in peace.
constexpr std::chrono::milliseconds kEndGrace{500};
// A killed process that the kernel cannot end (a dead network disk) must not hold its caller; the
// supervisor reaps it whenever it goes.
constexpr std::chrono::milliseconds kEndTimeMax{2'000};

// What is sent as a header must not end it.
bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string trace_id(Random& random, TimePoint now) {
  char text[80];
  std::snprintf(text, sizeof text, "Root=1-%08llx-%08llx%016llx;Parent=%016llx;Sampled=0",
                static_cast<unsigned long long>(epoch_seconds(now)),
                static_cast<unsigned long long>(random.next() >> 32),
                static_cast<unsigned long long>(random.next()),
                static_cast<unsigned long long>(random.next()));
  return text;
}

}  // namespace

LocalFunction::LocalFunction(FunctionSettings settings, std::shared_ptr<FunctionHost> host)
    : settings_(std::move(settings)), host_(std::move(host)) {}

LocalFunction::~LocalFunction() { close(); }

InvokeResult LocalFunction::invoke(const std::string& arn, const std::string& payload) {
  if (payload.size() > kPayloadBytesMax) return event_too_large();
  const Invocation invocation = invocation_of(arn, payload);
  auto slot = acquire();
  if (!slot) return process_exited(invocation.id, "signal: terminated");
  bool usable = false;
  auto result = run(*slot, invocation, usable);
  release(std::move(*slot), usable);
  return result;
}

Invocation LocalFunction::invocation_of(const std::string& arn, const std::string& payload) const {
  const bool is_arn = arn.starts_with("arn:") && is_plain(arn);
  return {host_->random.uuid(),
          is_arn ? arn
                 : "arn:aws:lambda:" + host_->region + ':' + host_->account +
                       ":function:" + settings_.name,
          trace_id(host_->random, system_now()), payload, host_->time_max(settings_.timeout_s)};
}

// A process that was kept warm may have gone meanwhile, unseen until it is needed: then a new one
// takes the invocation, which nobody has begun.
InvokeResult LocalFunction::run(Slot& slot, const Invocation& invocation, bool& usable) {
  if (slot.sandbox) {
    auto outcome = slot.sandbox->invoke(invocation);
    usable = outcome.process_is_usable();
    if (outcome.ending != Ending::not_taken) return result_of(invocation, std::move(outcome));
  }
  auto started = Sandbox::start(*host_, settings_);
  if (!started) {
    host_->logger->warn("function {} cannot start: {}", settings_.name, started.error().text);
    return cannot_start(invocation.id, started.error().text);
  }
  if (!adopt(slot, std::move(*started))) return result_of(invocation, {Ending::abandoned, ""});
  auto outcome = slot.sandbox->invoke(invocation);
  usable = outcome.process_is_usable();
  // It said what was wrong and is about to exit: what it still has to print is worth the wait.
  if (outcome.ending == Ending::init_failed) slot.sandbox->wait_ended(kEndGrace);
  return result_of(invocation, std::move(outcome));
}

// What the process itself had no time to say.
void LocalFunction::log_end(const Outcome& outcome) const {
  switch (outcome.ending) {
    case Ending::timed_out:
      return host_->logger->warn("function {} did not answer within its Timeout of {} s",
                                 settings_.name, settings_.timeout_s);
    case Ending::init_timed_out:
      return host_->logger->warn("function {} did not ask for work within {} ms of its start",
                                 settings_.name, host_->init_time_max.count());
    case Ending::exited:
      return host_->logger->warn("function {} ended without an answer: {}", settings_.name,
                                 outcome.text);
    case Ending::too_large:
      return host_->logger->warn("function {} answered more than {} bytes", settings_.name,
                                 kPayloadBytesMax);
    default:
      return;
  }
}

InvokeResult LocalFunction::result_of(const Invocation& invocation, Outcome outcome) const {
  log_end(outcome);
  switch (outcome.ending) {
    case Ending::answered:
      return {200, "", "", std::move(outcome.text)};
    case Ending::failed:
    case Ending::init_failed:
      return function_failed(std::move(outcome.text));
    case Ending::too_large:
      return result_too_large();
    case Ending::timed_out:
      return timed_out(invocation.id, invocation.time_max);
    case Ending::init_timed_out:
      return timed_out(invocation.id, host_->init_time_max);
    case Ending::exited:
    case Ending::not_taken:
      return process_exited(invocation.id, outcome.text);
    case Ending::abandoned:
      break;
  }
  return process_exited(invocation.id, "signal: terminated");
}

bool LocalFunction::may_go(std::uint64_t ticket) const {
  const auto processes_max = static_cast<std::size_t>(settings_.max_concurrency);
  return queue_.front() == ticket && (!idle_.empty() || slots_ + idle_.size() < processes_max);
}

std::optional<LocalFunction::Slot> LocalFunction::acquire() {
  std::vector<std::shared_ptr<Sandbox>> gone;  // destroyed behind the lock
  const MutexLock lock(mutex_);
  const auto epoch = epoch_, ticket = ++tickets_;
  queue_.push_back(ticket);
  while (epoch_ == epoch && !closed_ && !may_go(ticket)) changed_.wait(mutex_);
  std::erase(queue_, ticket);
  changed_.notify_all();  // there may be room for the next one too
  if (epoch_ != epoch || closed_) return std::nullopt;

  Slot slot{epoch, nullptr};
  ++slots_;
  while (!idle_.empty() && !slot.sandbox) {
    auto sandbox = std::move(idle_.back());
    idle_.pop_back();
    if (sandbox->running()) {
      slot.sandbox = std::move(sandbox);
    } else {
      gone.push_back(std::move(sandbox));
    }
  }
  if (slot.sandbox) busy_.insert(slot.sandbox);
  return slot;
}

// False if there was a reset while the process was being started.
bool LocalFunction::adopt(Slot& slot, std::shared_ptr<Sandbox> sandbox) {
  const auto before = std::exchange(slot.sandbox, std::move(sandbox));
  const MutexLock lock(mutex_);
  busy_.erase(before);
  if (slot.epoch != epoch_ || closed_) return false;
  busy_.insert(slot.sandbox);
  return true;
}

// The place of a process that is not kept is free when it is gone: there are never more than there
// may be.
void LocalFunction::release(Slot slot, bool usable) {
  {
    const MutexLock lock(mutex_);
    busy_.erase(slot.sandbox);
    if (usable && slot.epoch == epoch_ && !closed_) idle_.push_back(std::move(slot.sandbox));
  }
  slot.sandbox.reset();
  const MutexLock lock(mutex_);
  --slots_;
  changed_.notify_all();
}

std::size_t LocalFunction::processes() const {
  const MutexLock lock(mutex_);
  const auto running = std::count_if(idle_.begin(), idle_.end(),
                                     [](const auto& sandbox) { return sandbox->running(); });
  return busy_.size() + static_cast<std::size_t>(running);
}

std::size_t LocalFunction::waiting() const {
  const MutexLock lock(mutex_);
  return queue_.size();
}

void LocalFunction::end_all(bool for_good) {
  std::vector<std::shared_ptr<Sandbox>> all;
  {
    const MutexLock lock(mutex_);
    ++epoch_;
    closed_ = closed_ || for_good;
    all.swap(idle_);
    all.insert(all.end(), busy_.begin(), busy_.end());
    changed_.notify_all();
  }
  for (const auto& sandbox : all) sandbox->end(kEndGrace);
  for (const auto& sandbox : all) sandbox->wait_ended(kEndTimeMax);
  all.clear();
  if (!for_good) return;
  // Nothing of this may run on when the supervisor goes.
  const MutexLock lock(mutex_);
  while (slots_ > 0) changed_.wait(mutex_);
}

}  // namespace hydrant::functions
