// Supervisor: the one thread that starts processes, reads their output, ends them and reaps them.
//
// One thread for all, because a child dies with the thread that started it, and because signals
// then are only sent to groups whose leader this same thread has not reaped yet: a number that the
// system has given to another process is never killed.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/mutex.h"
#include "engine/functions/file_descriptor.h"
#include "engine/functions/spawn.h"

namespace hydrant::functions {

// Where output is cut: a line that is longer loses the rest.
inline constexpr std::size_t kLineBytesMax = 64 * 1024;

// Bytes in, lines out.
class LineSplitter {
 public:
  using Take = std::function<void(std::string_view)>;
  explicit LineSplitter(Take take) : take_(std::move(take)) {}
  void add(std::string_view bytes);
  void finish();  // what has no newline behind it is a line too

 private:
  void add_to_line(std::string_view bytes);
  const Take take_;
  std::string line_;
  bool has_line_ = false;
};

// What the process says, and how it ended, as the service writes it: "exit status 1", "signal:
// killed". Called on the thread of the supervisor.
struct ProcessEvents {
  std::function<void(std::string_view line)> on_line;
  std::function<void(const std::string& how)> on_exit;
};

class Supervisor;

// A process that was started. Thread-safe.
class Process {
 public:
  Process(Supervisor& supervisor, pid_t pid, FileDescriptor pidfd)
      : supervisor_(supervisor), pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid() const { return pid_; }
  bool running() const;  // false as soon as it has exited, reaped or not
  // Asks its group to end, and makes it after `grace` (0: at once). Does not wait.
  void end(std::chrono::milliseconds grace);
  // Until it is reaped and on_exit has returned, or the time is over (false).
  bool wait_reaped(std::chrono::milliseconds time_max) const EXCLUDES(mutex_);

 private:
  friend class Supervisor;
  Supervisor& supervisor_;
  const pid_t pid_;
  const FileDescriptor pidfd_;
  mutable Mutex mutex_;
  mutable std::condition_variable_any changed_;
  bool reaped_ GUARDED_BY(mutex_) = false;
};

// Thread-safe. Processes must not be used after it is gone.
class Supervisor {
 public:
  Supervisor();
  ~Supervisor();  // kills and reaps what is left

  boost::system::result<std::shared_ptr<Process>, SpawnFailure> start(Program program,
                                                                      ProcessEvents events)
      EXCLUDES(mutex_);

 private:
  friend class Process;
  using Started = boost::system::result<std::shared_ptr<Process>, SpawnFailure>;
  using Time = std::chrono::steady_clock::time_point;
  struct Start {
    Program program;
    ProcessEvents events;
    std::promise<Started> result;
  };
  struct End {
    pid_t pid;
    std::chrono::milliseconds grace;
  };
  struct Child;

  void end(pid_t pid, std::chrono::milliseconds grace) EXCLUDES(mutex_);
  void wake();
  void run();
  void handle_requests() EXCLUDES(mutex_);
  void start_child(Start& start);
  void wait_for_events();
  void read_output(Child& child);
  void reap(Child& child);
  void kill_overdue();

  FileDescriptor wake_;  // an eventfd
  Mutex mutex_;
  std::vector<Start> starts_ GUARDED_BY(mutex_);
  std::vector<End> ends_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Child>> children_;  // of its thread alone
  std::thread thread_;
};

}  // namespace hydrant::functions
