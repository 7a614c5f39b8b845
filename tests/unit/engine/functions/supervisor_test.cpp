#include "engine/functions/supervisor.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <poll.h>

#include "unit/engine/functions/functions_test.h"

namespace hydrant::functions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Program shell(const std::string& script) {
  Program program;
  program.arguments = {"sh", "-c", script};
  program.environment = {"PATH=/usr/bin:/bin"};
  return program;
}

class SupervisorTest : public testing::Test {
 protected:
  // Thread-safe: filled by the supervisor.
  struct Seen {
    Mutex mutex;
    std::vector<std::string> lines;
    std::string how;
  };

  std::shared_ptr<Process> start(const Program& program) {
    ProcessEvents events;
    events.on_line = [seen = seen_](std::string_view line) {
      const MutexLock lock(seen->mutex);
      seen->lines.emplace_back(line);
    };
    events.on_exit = [seen = seen_](const std::string& how) {
      const MutexLock lock(seen->mutex);
      seen->how = how;
    };
    auto started = supervisor_->start(program, std::move(events));
    EXPECT_TRUE(started.has_value()) << started.error().text;
    return started ? *started : nullptr;
  }
  std::string failure_of(const Program& program) {
    const auto started = supervisor_->start(program, {});
    return started ? "(it runs)" : started.error().text;
  }
  // Runs it to its end.
  void run(const Program& program) {
    ASSERT_TRUE(start(program)->wait_reaped(std::chrono::seconds(30)));
  }
  std::vector<std::string> lines() const {
    const MutexLock lock(seen_->mutex);
    return seen_->lines;
  }
  std::string how() const {
    const MutexLock lock(seen_->mutex);
    return seen_->how;
  }
  std::string first_line() const {
    EXPECT_TRUE(eventually([&] { return !lines().empty(); }));
    return lines().empty() ? "" : lines().front();
  }

  const std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
  std::unique_ptr<Supervisor> supervisor_ = std::make_unique<Supervisor>();
};

TEST_F(SupervisorTest, BothOutputsComeAsLines) {
  run(shell("echo one; echo two >&2; printf 'three\\r\\n\\nfive'"));
  EXPECT_THAT(lines(), ElementsAre("one", "two", "three", "", "five"));
  EXPECT_EQ(how(), "exit status 0");
}

TEST_F(SupervisorTest, ALongLineIsCutAndTheNextIsWhole) {
  run(shell("head -c 200000 /dev/zero | tr '\\0' x; echo; echo next"));
  ASSERT_EQ(lines().size(), 2u);
  EXPECT_EQ(lines()[0], std::string(64 * 1024, 'x'));
  EXPECT_EQ(lines()[1], "next");
}

TEST_F(SupervisorTest, HowAProcessEndedIsWordedAsTheServiceDoes) {
  run(shell("exit 3"));
  EXPECT_EQ(how(), "exit status 3");
  run(shell("kill -KILL $$"));
  EXPECT_EQ(how(), "signal: killed");
  run(shell("kill -SEGV $$"));
  EXPECT_EQ(how(), "signal: segmentation fault");
}

TEST_F(SupervisorTest, AProgramIsLookedForOnThePathOfItsOwnEnvironment) {
  auto program = shell("true");
  program.environment = {"PATH=/nowhere:/"};
  EXPECT_EQ(failure_of(program), "fork/exec sh: No such file or directory");
}

TEST_F(SupervisorTest, WhatCannotBeRunIsToldAndNothingIsLeft) {
  Program program;
  program.arguments = {"./bootstrap"};
  program.directory = "/nowhere";
  EXPECT_EQ(failure_of(program), "fork/exec ./bootstrap: No such file or directory");
  program.directory = "/etc";
  program.arguments = {"./passwd"};
  EXPECT_EQ(failure_of(program), "fork/exec ./passwd: Permission denied");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

TEST_F(SupervisorTest, AProcessHasNoDescriptorsOfTheServerAndAnEmptyInput) {
  const FileDescriptor leaky(::open("/dev/null", O_RDWR));  // not close-on-exec, as in libraries
  run(shell("cat; ls /proc/self/fd"));
  EXPECT_THAT(lines(), ElementsAre("0", "1", "2", "3"));  // 3: the folder that ls reads
}

TEST_F(SupervisorTest, AProcessBlocksNoSignalsAndIgnoresNone) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  supervisor_ = std::make_unique<Supervisor>();  // its thread inherits that
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  run(shell("grep -E 'SigBlk|SigIgn' /proc/self/status"));
  ::signal(SIGPIPE, SIG_DFL);
  EXPECT_THAT(lines(), ElementsAre("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"));
}

TEST_F(SupervisorTest, AProcessIsAskedToEndFirst) {
  const auto process =
      start(shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done"));
  EXPECT_EQ(first_line(), "up");
  EXPECT_TRUE(process->running());
  process->end(std::chrono::seconds(30));
  EXPECT_TRUE(process->wait_reaped(std::chrono::seconds(30)));
  EXPECT_FALSE(process->running());
  EXPECT_EQ(lines().back(), "bye");
}

TEST_F(SupervisorTest, AProcessThatDoesNotListenIsKilled) {
  const auto process = start(shell("trap '' TERM; echo up; while :; do sleep 0.01; done"));
  EXPECT_EQ(first_line(), "up");
  process->end(std::chrono::milliseconds(20));
  EXPECT_TRUE(process->wait_reaped(std::chrono::seconds(30)));
  EXPECT_EQ(how(), "signal: killed");
}

TEST_F(SupervisorTest, WhatAProcessStartedGoesWithIt) {
  run(shell("sh -c \"trap '' TERM HUP; echo \\$\\$; while :; do sleep 1; done\" & sleep 0.05"));
  const auto pid = first_line();
  EXPECT_TRUE(eventually([&] { return !process_lives(pid); }));
}

TEST_F(SupervisorTest, AProcessWithoutOutputRunsOn) {
  const auto process = start(shell("exec >&- 2>&-; sleep 1000"));
  EXPECT_FALSE(process->wait_reaped(std::chrono::milliseconds(20)));
  process->end(std::chrono::milliseconds(0));
  EXPECT_TRUE(process->wait_reaped(std::chrono::seconds(30)));
}

TEST_F(SupervisorTest, AProcessThatLeftItsGroupHoldsNobodyUp) {
  run(shell("setsid sh -c 'while :; do echo y; done' & sleep 0.05"));
  EXPECT_EQ(how(), "exit status 0");
}

TEST_F(SupervisorTest, TheEndOfTheSupervisorIsTheEndOfItsProcesses) {
  const auto pid = std::to_string(start(shell("trap '' TERM; while :; do sleep 1; done"))->pid());
  EXPECT_TRUE(process_lives(pid));
  supervisor_.reset();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + pid)) << "not even a zombie";
}

TEST_F(SupervisorTest, ManyProcessesAtOnceAreAllReaped) {
  std::vector<std::shared_ptr<Process>> all;
  for (int i = 0; i < 20; ++i) all.push_back(start(shell("echo x")));
  for (const auto& process : all) EXPECT_TRUE(process->wait_reaped(std::chrono::seconds(30)));
  EXPECT_THAT(lines(), testing::SizeIs(20));
}

TEST(SpawnTest, AChildDiesWithTheThreadThatStartedIt) {
  std::optional<Spawned> spawned;
  std::thread([&] {
    auto result = spawn(shell("trap '' TERM HUP; while :; do sleep 1; done"));
    ASSERT_TRUE(result.has_value()) << result.error().text;
    spawned = std::move(*result);
  }).join();
  ASSERT_TRUE(spawned);
  int status = 0;
  ASSERT_EQ(::waitpid(spawned->pid, &status, 0), spawned->pid);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST(LineSplitterTest, LinesDoNotDependOnHowTheirBytesCome) {
  const std::string text = "a\n\nlong line\r\n" + std::string(kLineBytesMax + 9, 'x') + "\nend";
  for (const std::size_t step : {1u, 2u, 7u, 100'000u}) {
    std::vector<std::string> lines;
    LineSplitter splitter([&](std::string_view line) { lines.emplace_back(line); });
    for (std::size_t at = 0; at < text.size(); at += step) {
      splitter.add(std::string_view(text).substr(at, step));
    }
    splitter.finish();
    splitter.finish();
    EXPECT_THAT(lines, ElementsAre("a", "", "long line", std::string(kLineBytesMax, 'x'), "end"));
  }
}

}  // namespace
}  // namespace hydrant::functions
