#include "engine/functions/spawn.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace hydrant::functions {
namespace {

constexpr std::string_view kPathWhenUnset = "/usr/local/bin:/usr/bin:/bin";

// All that the child reads, made before it exists.
struct ChildPlan {
  std::vector<const char*> candidates;  // paths to try, in this order
  std::vector<char*> arguments, environment;
  const char* directory = nullptr;
  int input = -1, output = -1, failure = -1;
  pid_t parent = 0;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> candidates_of(const Program& program) {
  const std::string& name = program.arguments.front();
  if (name.find('/') != std::string::npos) return {name};
  std::string_view path = kPathWhenUnset;
  for (const auto& variable : program.environment) {
    if (variable.starts_with("PATH=")) path = std::string_view(variable).substr(5);
  }
  std::vector<std::string> found;
  while (true) {
    const auto colon = path.find(':');
    const auto folder = path.substr(0, colon);
    found.push_back((folder.empty() ? "." : std::string(folder)) + '/' + name);
    if (colon == std::string_view::npos) return found;
    path.remove_prefix(colon + 1);
  }
}

// Of several reasons the one that tells most: a file that is there but may not be run.
[[noreturn]] void run_first(const ChildPlan& plan) {
  int reason = ENOENT;
  for (const char* candidate : plan.candidates) {
    ::execve(candidate, plan.arguments.data(), plan.environment.data());
    if (errno != ENOENT && errno != ENOTDIR) reason = errno;
  }
  [[maybe_unused]] const auto told = ::write(plan.failure, &reason, sizeof reason);
  ::_exit(127);
}

void close_all_on_exec() {
  constexpr unsigned int kFirst = 3;
  if (::syscall(SYS_close_range, kFirst, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  constexpr int kTried = 65'536;  // a kernel before 5.11
  for (int fd = kFirst; fd < kTried; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

// In the child, which shares the memory of its parent: nothing here may write to any but its own
// variables, allocate or lock.
[[noreturn]] __attribute__((noinline)) void become_program(const ChildPlan& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(127);  // it died in between
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(plan.input, STDIN_FILENO);
  ::dup2(plan.output, STDOUT_FILENO);
  ::dup2(plan.output, STDERR_FILENO);
  close_all_on_exec();
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0) {
    const int reason = errno;
    [[maybe_unused]] const auto told = ::write(plan.failure, &reason, sizeof reason);
    ::_exit(127);
  }
  run_first(plan);
}

// Of its own, so that no variable of the caller lives across the second return of vfork.
__attribute__((noinline)) pid_t fork_child(const ChildPlan& plan) {
  const pid_t pid = ::vfork();
  if (pid == 0) become_program(plan);
  return pid;
}

// No handler of this process may run in the child while it shares its memory.
pid_t fork_without_signals(const ChildPlan& plan) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork_child(plan);
  const int reason = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = reason;
  return pid;
}

// Never one of the numbers that dup2() fills in the child, even if this process has those closed.
FileDescriptor above_standard(int fd) {
  if (fd < 0 || fd > STDERR_FILENO) return FileDescriptor(fd);
  const FileDescriptor low(fd);
  return FileDescriptor(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

struct Pipe {
  FileDescriptor read_end, write_end;
};

Pipe make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return Pipe();
  return {above_standard(ends[0]), above_standard(ends[1])};
}

SpawnFailure failed(const Program& program, int reason) {
  return {"fork/exec " + program.arguments.front() + ": " +
          std::error_code(reason, std::generic_category()).message()};
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace

boost::system::result<Spawned, SpawnFailure> spawn(const Program& program) {
  const auto candidates = candidates_of(program);
  ChildPlan plan;
  for (const auto& candidate : candidates) plan.candidates.push_back(candidate.c_str());
  plan.arguments = pointers(program.arguments);
  plan.environment = pointers(program.environment);
  if (!program.directory.empty()) plan.directory = program.directory.c_str();
  plan.parent = ::getpid();

  Pipe output = make_pipe(), failure = make_pipe();
  const auto input = above_standard(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!output.write_end.open() || !failure.write_end.open() || !input.open()) {
    return failed(program, errno);
  }
  ::fcntl(output.read_end.get(), F_SETFL, O_NONBLOCK);
  plan.input = input.get();
  plan.output = output.write_end.get();
  plan.failure = failure.write_end.get();

  Spawned spawned;
  spawned.pid = fork_without_signals(plan);
  if (spawned.pid < 0) return failed(program, errno);
  output.write_end.close();
  failure.write_end.close();
  int reason = 0;  // exec closes the pipe: nothing to read then
  if (::read(failure.read_end.get(), &reason, sizeof reason) > 0) {
    reap(spawned.pid);
    return failed(program, reason);
  }
  spawned.pidfd = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, spawned.pid, 0)));
  if (!spawned.pidfd.open()) {
    reason = errno;
    ::kill(-spawned.pid, SIGKILL);
    reap(spawned.pid);
    return failed(program, reason);
  }
  spawned.output = std::move(output.read_end);
  return spawned;
}

}  // namespace hydrant::functions
