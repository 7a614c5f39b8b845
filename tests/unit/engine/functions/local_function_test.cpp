// Functions that run in processes here, whatever language they are in.
#include "engine/functions/local_function.h"

#include <signal.h>

#include "unit/engine/functions/functions_test.h"

namespace hydrant::functions {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

class LocalFunctionTest : public FunctionsTest {
 protected:
  FunctionState state() const { return registry_->states().at(0); }
  void send_signal(const std::string& pid, int number) { ::kill(std::stoi(pid), number); }
};

// Answers with its process id and how many invocations it has had.
constexpr const char* kCounting = R"(
count = 0
while True:
    next(); count += 1
    answer("%d %d" % (os.getpid(), count))
)";

// Says that it has begun, and waits until it may go on.
constexpr const char* kWaiting = R"(
while True:
    event = next().decode()
    open("begun-" + event, "w").close()
    while not os.path.exists("go"): time.sleep(0.005)
    open("order", "a").write(event)
    answer(str(os.getpid()))
)";

std::string first_word(const std::string& text) { return text.substr(0, text.find(' ')); }

TEST_F(LocalFunctionTest, AProgramThatTalksTheRuntimeApiIsAFunction) {
  EXPECT_EQ(answer_of(custom_runtime("event = next(); answer(b'echo ' + event); next()"), "{1}"),
            "echo {1}");
}

TEST_F(LocalFunctionTest, TheEnvironmentIsThatOfTheService) {
  ::setenv("AWS_SESSION_TOKEN", "real", 1);
  ::setenv("AWS_PROFILE", "real", 1);
  auto settings = custom_runtime(R"(
next()
names = ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID",
         "AWS_SECRET_ACCESS_KEY", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "TZ",
         "_HANDLER", "AWS_SESSION_TOKEN", "AWS_PROFILE", "SALT", "AWS_REGION_OVERRIDE"]
os.getcwd() == os.environ["LAMBDA_TASK_ROOT"] or sys.exit(9)
answer(" ".join(os.environ.get(name, "-") for name in names))
next()
)");
  settings.handler = "x.y";
  settings.environment = {{"SALT", "s=1"}, {"AWS_LAMBDA_RUNTIME_API", "nowhere:1"}};
  EXPECT_EQ(answer_of(settings),
            "http://127.0.0.1:4566 eu-west-1 eu-west-1 123456789012 hydrant f $LATEST :UTC x.y "
            "hydrant - s=1 -");
  ::unsetenv("AWS_SESSION_TOKEN");
  ::unsetenv("AWS_PROFILE");
}

TEST_F(LocalFunctionTest, TheEndpointIsWhatItIsWhenAProcessStarts) {
  registry_->set_endpoint_url("http://127.0.0.1:1234");
  EXPECT_EQ(answer_of(custom_runtime("next(); answer(os.environ['AWS_ENDPOINT_URL']); next()")),
            "http://127.0.0.1:1234");
}

TEST_F(LocalFunctionTest, AProcessIsKeptWarm) {
  add(custom_runtime(kCounting));
  EXPECT_EQ(state().processes, 0u) << "started on demand";
  const auto first = invoke().payload, second = invoke().payload;
  EXPECT_EQ(first_word(first), first_word(second));
  EXPECT_THAT(second, testing::EndsWith(" 2"));
  EXPECT_EQ(state().processes, 1u);
  EXPECT_EQ(state().invocations, 2u);
  EXPECT_EQ(state().errors, 0u);
}

TEST_F(LocalFunctionTest, InvocationsAtOnceHaveProcessesOfTheirOwn) {
  auto settings = custom_runtime(kWaiting);
  settings.max_concurrency = 2;
  add(settings);
  auto first = invoke_async("1"), second = invoke_async("2");
  const auto exists = [&](const char* name) { return std::filesystem::exists(folder_ / name); };
  EXPECT_TRUE(eventually([&] { return exists("begun-1") && exists("begun-2"); }));
  EXPECT_EQ(state().processes, 2u);
  write("go", "");
  EXPECT_NE(first.get().payload, second.get().payload);
}

TEST_F(LocalFunctionTest, InvocationsBeyondTheLimitWaitInTheirOrder) {
  auto settings = custom_runtime(kWaiting);
  settings.max_concurrency = 1;
  add(settings);
  std::vector<std::future<InvokeResult>> results;
  results.push_back(invoke_async("0"));
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(folder_ / "begun-0"); }));
  for (std::size_t i = 1; i <= 5; ++i) {
    results.push_back(invoke_async(std::to_string(i)));
    EXPECT_TRUE(eventually([&] { return state().waiting == i; }));
  }
  EXPECT_EQ(state().processes, 1u);
  write("go", "");
  for (auto& result : results) EXPECT_EQ(result.get().function_error, "");
  EXPECT_EQ(read("order"), "012345");
}

TEST_F(LocalFunctionTest, AHandlerThatHangsTimesOutAndIsKilled) {
  auto settings = custom_runtime(
      "next(); open('pid', 'w').write(str(os.getpid()))\n"
      "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
      "while True: time.sleep(1)");
  settings.timeout_s = 1;
  add(settings);
  const auto result = invoke();
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.function_error, "Unhandled");
  EXPECT_THAT(result.payload,
              MatchesRegex(R"(\{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: )"
                           R"([0-9a-f-]{36} Error: Task timed out after 1.00 seconds"\})"));
  EXPECT_FALSE(process_lives(read("pid")));
  EXPECT_EQ(state().processes, 0u);
  EXPECT_EQ(state().errors, 1u);
  EXPECT_EQ(log_.str(), "function f did not answer within its Timeout of 1 s\n");
}

TEST_F(LocalFunctionTest, ALongTimeoutIsNotWaitedFor) {
  start_registry(std::chrono::seconds(10), std::chrono::milliseconds(100));
  auto settings = custom_runtime("next()\nwhile True: time.sleep(1)");
  settings.timeout_s = 900;
  EXPECT_THAT(answer_of(settings),
              AllOf(HasSubstr("Sandbox.Timedout"), HasSubstr("timed out after 0.10 seconds")));
}

TEST_F(LocalFunctionTest, AProcessThatNeverAsksForWorkTimesOut) {
  start_registry(std::chrono::milliseconds(100));
  EXPECT_THAT(answer_of(command({"sleep", "1000"})),
              AllOf(HasSubstr("Sandbox.Timedout"), HasSubstr("timed out after 0.10 seconds")));
  EXPECT_EQ(log_.str(), "function f did not ask for work within 100 ms of its start\n");
}

TEST_F(LocalFunctionTest, AProcessThatExitsFailsItsInvocationAndTheNextHasANewOne) {
  add(
      custom_runtime("event = next()\n"
                     "if event == b'exit': sys.exit(7)\n"
                     "if event == b'zero': sys.exit(0)\n"
                     "if event == b'kill': os.kill(os.getpid(), signal.SIGKILL)\n"
                     "answer('fine'); next()"));
  EXPECT_THAT(invoke("exit").payload,
              MatchesRegex(R"(\{"errorType":"Runtime.ExitError","errorMessage":"RequestId: )"
                           R"([0-9a-f-]{36} Error: Runtime exited with error: exit status 7"\})"));
  EXPECT_THAT(invoke("zero").payload,
              HasSubstr("Error: Runtime exited without providing a reason"));
  EXPECT_THAT(invoke("kill").payload, HasSubstr("Runtime exited with error: signal: killed"));
  EXPECT_EQ(invoke("").payload, "fine");
  EXPECT_EQ(log_.str(),
            "function f ended without an answer: exit status 7\n"
            "function f ended without an answer: exit status 0\n"
            "function f ended without an answer: signal: killed\n");
}

TEST_F(LocalFunctionTest, AProgramThatServesOnceAndExitsCanBeInvokedAgain) {
  add(custom_runtime("next(); answer(str(os.getpid()))"));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(invoke().payload, MatchesRegex("[0-9]+"));
  EXPECT_EQ(state().errors, 0u);
}

TEST_F(LocalFunctionTest, AWarmProcessThatDiedUnseenCostsNoInvocation) {
  add(custom_runtime(kCounting));
  const auto pid = first_word(invoke().payload);
  send_signal(pid, SIGKILL);
  EXPECT_TRUE(eventually([&] { return !process_lives(pid); }));
  const auto again = invoke();
  EXPECT_EQ(again.function_error, "");
  EXPECT_NE(first_word(again.payload), pid);
}

TEST_F(LocalFunctionTest, ACommandThatCannotBeExecutedIsAFunctionError) {
  add(command({"./nowhere"}));
  for (int i = 0; i < 2; ++i) {
    const auto result = invoke();
    EXPECT_EQ(result.status, 200);
    EXPECT_EQ(result.function_error, "Unhandled");
    EXPECT_THAT(result.payload, AllOf(HasSubstr("Runtime.InvalidEntrypoint"),
                                      HasSubstr("fork/exec ./nowhere: No such file")));
  }
  EXPECT_EQ(state().processes, 0u);
}

TEST_F(LocalFunctionTest, AnInterpreterThatIsMissingIsAFunctionError) {
  auto settings = python("def handler(event, context): pass\n");
  settings.interpreter = "/nowhere/python3";
  EXPECT_THAT(answer_of(settings), HasSubstr("fork/exec /nowhere/python3: No such file"));
}

TEST_F(LocalFunctionTest, AnInitErrorIsTheResultOfThePendingInvocation) {
  add(custom_runtime(R"(
print(call("POST", "init/error", '{"errorMessage":"no db","errorType":"Boot"}')[0])
open("starts", "a").write("x")
sys.exit(1)
)"));
  const auto result = invoke();
  EXPECT_EQ(result.function_error, "Unhandled");
  EXPECT_EQ(result.payload, R"({"errorMessage":"no db","errorType":"Boot"})");
  EXPECT_EQ(read("starts"), "x") << "it is not started again and again";
  registry_.reset();
  EXPECT_THAT(log_.str(), HasSubstr("function f: 202")) << "it could end by itself";
}

TEST_F(LocalFunctionTest, AnErrorOfAnInvocationIsPassedOn) {
  EXPECT_EQ(answer_of(custom_runtime("next(); call('POST', 'invocation/' + request_id + '/error', "
                                     "'{\"errorMessage\":\"m\"}'); next()")),
            R"(Unhandled: {"errorMessage":"m"})");
}

TEST_F(LocalFunctionTest, GarbageIsPassedOnAsItIs) {
  const std::string answer =
      answer_of(custom_runtime("next(); answer(b'\\x00\\xff<html>'); next()"));
  EXPECT_EQ(answer, std::string("\0\xff<html>", 8));
}

TEST_F(LocalFunctionTest, AResultOverTheLimitIsAFunctionErrorAndTheProcessServesOn) {
  add(custom_runtime(R"(
while True:
    size = int(next())
    status = answer(b"x" * size)[0]
    print("status", status, flush=True)
)"));
  EXPECT_EQ(invoke("6291556").payload.size(), 6'291'556u);
  const auto result = invoke("6291557");
  EXPECT_EQ(result.function_error, "Unhandled");
  EXPECT_EQ(result.payload,
            R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":)"
            R"("Response payload size exceeded maximum allowed payload size (6291556 bytes)."})");
  EXPECT_EQ(invoke("2").payload, "xx");
  registry_.reset();
  EXPECT_THAT(log_.str(), HasSubstr("status 413"));
}

TEST_F(LocalFunctionTest, APythonHandlerMayReturnTooMuchAndServeOn) {
  add(python("def handler(event, context):\n    return 'x' * event\n"));
  EXPECT_THAT(invoke("7000000").payload, HasSubstr("Function.ResponseSizeTooLarge"));
  EXPECT_EQ(invoke("1").payload, "\"x\"");
}

TEST_F(LocalFunctionTest, AnEventOverTheLimitIsRefusedByTheApi) {
  add(custom_runtime(kCounting));
  const auto result = invoke(std::string(6'291'557, ' '));
  EXPECT_EQ(result.status, 413);
  EXPECT_EQ(result.error_type, "RequestTooLargeException");
  EXPECT_EQ(state().processes, 0u);
}

TEST_F(LocalFunctionTest, ResetEndsProcessesAndWhatTheyStarted) {
  add(custom_runtime(R"(
next()
child = subprocess.Popen(["sh", "-c", "trap '' TERM; while :; do sleep 1; done"])
answer("%d %d" % (os.getpid(), child.pid))
next()
)"));
  const auto pids = invoke().payload;
  const auto parent = first_word(pids), child = pids.substr(pids.find(' ') + 1);
  EXPECT_TRUE(process_lives(parent) && process_lives(child));
  registry_->reset();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + parent)) << "reaped too";
  EXPECT_TRUE(eventually([&] { return !process_lives(child); }));
  EXPECT_EQ(state().processes, 0u);
  EXPECT_EQ(state().invocations, 0u);
  EXPECT_EQ(invoke().function_error, "") << "the function is still known";
}

TEST_F(LocalFunctionTest, ResetEndsInvocationsUnderWayAndThoseThatWait) {
  auto settings = custom_runtime(kWaiting);
  settings.max_concurrency = 1;
  add(settings);
  auto running = invoke_async("0");
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(folder_ / "begun-0"); }));
  auto waiting = invoke_async("1");
  EXPECT_TRUE(eventually([&] { return state().waiting == 1; }));
  registry_->reset();
  for (auto* result : {&running, &waiting}) {
    const auto ended = result->get();
    EXPECT_EQ(ended.function_error, "Unhandled");
    EXPECT_THAT(ended.payload, HasSubstr("Runtime exited with error: signal: terminated"));
  }
  write("go", "");
  EXPECT_EQ(invoke("2").function_error, "");
}

TEST_F(LocalFunctionTest, AFunctionThatOutlivesItsRegistryFails) {
  add(custom_runtime(kCounting));
  const auto function = registry_->find("f");
  const auto pid = first_word(function->invoke("f", "{}").payload);
  registry_.reset();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + pid));
  EXPECT_EQ(function->invoke("f", "{}").function_error, "Unhandled");
}

TEST_F(LocalFunctionTest, ResetsAmidInvocationsLoseNone) {
  auto settings = command({"sh", "-c", "exit 1"});
  settings.max_concurrency = 3;
  add(settings);
  std::vector<std::thread> threads;
  std::atomic<int> ended{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) ended += invoke().function_error == "Unhandled" ? 1 : 0;
    });
  }
  for (int i = 0; i < 5; ++i) registry_->reset();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ended, 40);
  EXPECT_EQ(state().processes, 0u);
}

}  // namespace
}  // namespace hydrant::functions
