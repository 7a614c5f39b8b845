#include "engine/functions/supervisor.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "core/clock.h"

namespace hydrant::functions {
namespace {

// As the service words it, which is as Go does.
std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    std::string name = ::strsignal(WTERMSIG(status));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return "signal: " + name;
  }
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

bool readable(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace

void LineSplitter::add_to_line(std::string_view bytes) {
  has_line_ = true;
  line_.append(bytes.substr(0, kLineBytesMax - std::min(line_.size(), kLineBytesMax)));
}

void LineSplitter::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    add_to_line(bytes.substr(0, end));
    if (end == std::string_view::npos) return;
    finish();
    bytes.remove_prefix(end + 1);
  }
}

void LineSplitter::finish() {
  if (!has_line_) return;
  if (line_.ends_with('\r')) line_.pop_back();
  take_(line_);
  line_.clear();
  has_line_ = false;
}

struct Supervisor::Child {
  Child(std::shared_ptr<Process> started, FileDescriptor from, ProcessEvents then)
      : process(std::move(started)),
        output(std::move(from)),
        events(std::move(then)),
        lines(events.on_line) {}

  pid_t pid() const { return process->pid(); }
  void signal_group(int number) const { ::kill(-pid(), number); }

  const std::shared_ptr<Process> process;
  FileDescriptor output;
  const ProcessEvents events;
  LineSplitter lines;
  std::optional<Time> kill_at;
  bool gone = false;
};

bool Process::running() const { return !readable(pidfd_.get()); }

void Process::end(std::chrono::milliseconds grace) { supervisor_.end(pid_, grace); }

bool Process::wait_reaped(std::chrono::milliseconds time_max) const {
  const auto deadline = steady_now() + time_max;
  const MutexLock lock(mutex_);
  while (!reaped_) {
    if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) return reaped_;
  }
  return true;
}

Supervisor::Supervisor()
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { run(); }) {}

Supervisor::~Supervisor() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
}

void Supervisor::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

Supervisor::Started Supervisor::start(Program program, ProcessEvents events) {
  std::future<Started> result;
  {
    const MutexLock lock(mutex_);
    starts_.push_back({std::move(program), std::move(events), {}});
    result = starts_.back().result.get_future();
  }
  wake();
  return result.get();
}

void Supervisor::end(pid_t pid, std::chrono::milliseconds grace) {
  {
    const MutexLock lock(mutex_);
    ends_.push_back({pid, grace});
  }
  wake();
}

void Supervisor::run() {
  bool stopping = false;
  while (!stopping || !children_.empty()) {
    handle_requests();
    {
      const MutexLock lock(mutex_);
      stopping = stopping_;
    }
    if (stopping) {
      for (const auto& child : children_) child->signal_group(SIGKILL);
    }
    if (!stopping || !children_.empty()) wait_for_events();
    kill_overdue();
  }
}

void Supervisor::handle_requests() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake_.get(), &count, sizeof count);
  std::vector<Start> starts;
  std::vector<End> ends;
  {
    const MutexLock lock(mutex_);
    starts.swap(starts_);
    ends.swap(ends_);
  }
  for (auto& start : starts) start_child(start);
  for (const auto& end : ends) {
    for (const auto& child : children_) {
      if (child->pid() != end.pid) continue;
      child->signal_group(end.grace.count() > 0 ? SIGTERM : SIGKILL);
      child->kill_at = steady_now() + end.grace;
    }
  }
}

void Supervisor::start_child(Start& start) {
  auto spawned = spawn(start.program);
  if (!spawned) {
    start.result.set_value(spawned.error());
    return;
  }
  auto process = std::make_shared<Process>(*this, spawned->pid, std::move(spawned->pidfd));
  children_.push_back(
      std::make_unique<Child>(process, std::move(spawned->output), std::move(start.events)));
  start.result.set_value(std::move(process));
}

void Supervisor::wait_for_events() {
  std::vector<pollfd> entries{{wake_.get(), POLLIN, 0}};
  std::optional<Time> earliest;
  for (const auto& child : children_) {
    entries.push_back({child->process->pidfd_.get(), POLLIN, 0});
    entries.push_back({child->output.get(), POLLIN, 0});  // -1 once it is closed: passed over
    if (child->kill_at && (!earliest || *child->kill_at < *earliest)) earliest = child->kill_at;
  }
  int wait_ms = -1;
  if (earliest) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*earliest - steady_now());
    wait_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
  }
  if (::poll(entries.data(), entries.size(), wait_ms) <= 0) return;

  for (std::size_t i = 0; i < children_.size(); ++i) {
    if (entries[2 * i + 2].revents != 0) read_output(*children_[i]);
    if (entries[2 * i + 1].revents != 0) reap(*children_[i]);
  }
  std::erase_if(children_, [](const auto& child) { return child->gone; });
}

// One block a turn, so that a process that never stops writing holds nobody up.
void Supervisor::read_output(Child& child) {
  char block[64 * 1024];
  const auto got = ::read(child.output.get(), block, sizeof block);
  if (got > 0) {
    child.lines.add({block, static_cast<std::size_t>(got)});
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    child.output.close();
  }
}

// The group goes with its leader, and before the leader is reaped: until then its number is taken.
// What it has written is read still, but not without end: a process that left the group may go on.
void Supervisor::reap(Child& child) {
  child.signal_group(SIGKILL);
  constexpr int kBlocksMax = 64;
  for (int i = 0; i < kBlocksMax && child.output.open() && readable(child.output.get()); ++i) {
    read_output(child);
  }
  child.lines.finish();
  int status = 0;
  while (::waitpid(child.pid(), &status, 0) < 0 && errno == EINTR) continue;
  child.events.on_exit(how_it_ended(status));
  child.gone = true;
  const MutexLock lock(child.process->mutex_);
  child.process->reaped_ = true;
  child.process->changed_.notify_all();
}

void Supervisor::kill_overdue() {
  const auto now = steady_now();
  for (const auto& child : children_) {
    if (!child->kill_at || *child->kill_at > now) continue;
    child->signal_group(SIGKILL);
    child->kill_at.reset();
  }
}

}  // namespace hydrant::functions
