#include "engine/functions/runtime_api.h"

#include "unit/engine/functions/functions_test.h"

namespace hydrant::functions {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// A process that asks, without a process.
class RuntimeApiTest : public testing::Test, private net::Later {
 protected:
  struct Asked {
    std::future<net::Reply> reply;
    bool answered() const {
      return reply.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }
  };

  net::Reply call(std::string_view method, std::string_view path, std::string_view body = "") {
    net::Request request;
    const std::string target = "/2018-06-01/runtime/" + std::string(path);
    request.method = method;
    request.target = target;
    request.body = body;
    return api_.serve(request, *this);
  }
  Asked ask() {
    promise_ = std::make_shared<std::promise<net::Reply>>();
    Asked asked{promise_->get_future()};
    call("GET", "invocation/next");
    return asked;
  }
  std::future<Outcome> invoke(const std::string& id) {
    return std::async(std::launch::async, [this, id] {
      Invocation invocation{id, "arn", "trace", "event", std::chrono::seconds(30)};
      return api_.invoke(invocation);
    });
  }

  RuntimeApi api_{std::chrono::seconds(30)};

 private:
  Give defer() override {
    return [promise = promise_](net::Reply reply) { promise->set_value(std::move(reply)); };
  }
  std::shared_ptr<std::promise<net::Reply>> promise_;
};

TEST_F(RuntimeApiTest, WorkIsGivenWithItsHeadersAndTheResultIsTaken) {
  auto asked = ask();
  EXPECT_FALSE(asked.answered()) << "there is no work yet";
  auto outcome = invoke("id-1");
  const auto reply = asked.reply.get();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "event");
  EXPECT_THAT(reply.headers, AllOf(HasSubstr("Content-Type: application/json\r\n"),
                                   HasSubstr("Lambda-Runtime-Aws-Request-Id: id-1\r\n"),
                                   HasSubstr("Lambda-Runtime-Deadline-Ms: "),
                                   HasSubstr("Lambda-Runtime-Invoked-Function-Arn: arn\r\n"),
                                   HasSubstr("Lambda-Runtime-Trace-Id: trace\r\n")));
  const auto accepted = call("POST", "invocation/id-1/response", "result");
  EXPECT_EQ(accepted.status, 202);
  EXPECT_EQ(accepted.body, "{\"status\":\"OK\"}\n");
  const auto done = outcome.get();
  EXPECT_EQ(done.ending, Ending::answered);
  EXPECT_EQ(done.text, "result");
}

TEST_F(RuntimeApiTest, AnotherIdThanTheOneUnderWayIsRefused) {
  EXPECT_EQ(call("POST", "invocation/none/response", "x").status, 400);
  auto asked = ask();
  auto outcome = invoke("id");
  asked.reply.get();
  const auto refused = call("POST", "invocation/other/response", "x");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body,
            R"({"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"})");
  EXPECT_EQ(call("POST", "invocation/id/error", "").status, 202);
  EXPECT_THAT(outcome.get().text, HasSubstr("Runtime.Unknown"));
  EXPECT_EQ(call("POST", "invocation/id/response", "again").status, 400);
}

TEST_F(RuntimeApiTest, WhoeverAskedLastGetsTheWork) {
  auto first = ask(), second = ask();
  EXPECT_EQ(first.reply.get().status, 403);
  auto outcome = invoke("id");
  EXPECT_EQ(second.reply.get().status, 200);
  EXPECT_EQ(ask().reply.get().status, 403) << "it has not answered";
  call("POST", "invocation/id/response", "x");
  outcome.get();
}

TEST_F(RuntimeApiTest, OtherCallsAreNotFound) {
  for (const auto* path : {"", "invocation", "invocation/", "invocation/response", "init", "x/y",
                           "invocation/id/other", "invocation//response/x"}) {
    EXPECT_EQ(call("POST", path).status, 404) << path;
  }
  EXPECT_EQ(call("POST", "invocation/next").status, 404);
  EXPECT_EQ(call("GET", "init/error").status, 404);
  net::Request request;
  request.method = "GET";
  request.target = "/";
  struct Never final : net::Later {
    Give defer() override { return {}; }
  } never;
  EXPECT_EQ(api_.serve(request, never).status, 404);
}

TEST_F(RuntimeApiTest, AnExitBeforeTheFirstWorkFailsTheInvocationAndALaterOneDoesNot) {
  auto asked = ask();
  auto outcome = invoke("1");
  asked.reply.get();
  call("POST", "invocation/1/response", "x");
  EXPECT_EQ(outcome.get().ending, Ending::answered);
  api_.process_exited("exit status 1");
  EXPECT_EQ(invoke("2").get().ending, Ending::not_taken);

  RuntimeApi fresh(std::chrono::seconds(30));
  fresh.process_exited("exit status 1");
  Invocation invocation{"id", "arn", "trace", "event", std::chrono::seconds(30)};
  EXPECT_EQ(fresh.invoke(invocation).ending, Ending::exited);
}

TEST_F(RuntimeApiTest, AnAnswerCountsWhenTheProcessExitsRightBehindIt) {
  auto asked = ask();
  auto outcome = invoke("1");
  asked.reply.get();
  call("POST", "invocation/1/response", "x");
  api_.process_exited("exit status 0");
  api_.abandon();
  EXPECT_EQ(outcome.get().ending, Ending::answered);
}

}  // namespace
}  // namespace hydrant::functions
