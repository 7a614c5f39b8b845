#include "engine/functions/url_function.h"

#include "net/http_server.h"
#include "unit/engine/functions/functions_test.h"

namespace hydrant::functions {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Stands for whatever speaks the Invoke API.
class Endpoint final : public net::Handler {
 public:
  Endpoint() : server_({}, *this, Logger::silent()) {
    EXPECT_EQ(server_.start(), std::nullopt);
    settings.name = "f";
    settings.url = "http://127.0.0.1:" + std::to_string(server_.port()) + "/path?q=1";
  }

  net::Reply serve(const net::Request& request, net::Later& later) override {
    seen = std::string(request.method) + ' ' + std::string(request.target) + '\n' +
           std::string(request.header("Content-Type")) + '\n' +
           std::string(request.header("X-Amz-Invocation-Type")) + '\n' + std::string(request.body);
    if (silent) kept = later.defer();
    return reply;
  }

  std::string seen;
  net::Reply reply;
  bool silent = false;
  net::Later::Give kept;  // to drop it would be an answer
  FunctionSettings settings;

 private:
  net::HttpServer server_;
};

class UrlFunctionTest : public FunctionsTest {
 protected:
  Endpoint endpoint_;
};

TEST_F(UrlFunctionTest, TheEventIsPostedAsTheInvokeApiDoes) {
  endpoint_.reply.body = "{\"records\":[]}";
  add(endpoint_.settings);
  const auto result = invoke("{\"x\":1}");
  EXPECT_EQ(endpoint_.seen, "POST /path?q=1\napplication/json\nRequestResponse\n{\"x\":1}");
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.function_error, "");
  EXPECT_EQ(result.payload, "{\"records\":[]}");
  EXPECT_EQ(registry_->states().at(0).kind, "url");
}

TEST_F(UrlFunctionTest, AFunctionErrorIsTold) {
  endpoint_.reply.header("X-Amz-Function-Error", "Unhandled");
  endpoint_.reply.body = "{}";
  add(endpoint_.settings);
  EXPECT_EQ(invoke().function_error, "Unhandled");
  EXPECT_EQ(registry_->states().at(0).errors, 1u);
}

TEST_F(UrlFunctionTest, AnErrorOfTheApiIsTold) {
  endpoint_.reply.status = 404;
  endpoint_.reply.header("x-amzn-ErrorType", "ResourceNotFoundException:http://internal/");
  endpoint_.reply.body = "{\"Message\":\"gone\"}";
  add(endpoint_.settings);
  const auto result = invoke();
  EXPECT_EQ(result.status, 404);
  EXPECT_EQ(result.error_type, "ResourceNotFoundException");
  EXPECT_EQ(result.payload, "{\"Message\":\"gone\"}");
}

TEST_F(UrlFunctionTest, NoReplyInTimeIsATimedOutFunction) {
  endpoint_.silent = true;
  endpoint_.settings.timeout_s = 1;
  add(endpoint_.settings);
  const auto result = invoke();
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.function_error, "Unhandled");
  EXPECT_THAT(result.payload,
              AllOf(HasSubstr("Sandbox.Timedout"), HasSubstr("Task timed out after 1.00 seconds")));
}

TEST_F(UrlFunctionTest, ALongTimeoutIsNotWaitedFor) {
  EXPECT_EQ(FunctionEnvironment().invoke_time_max, std::chrono::minutes(5));
  start_registry(std::chrono::seconds(10), std::chrono::milliseconds(100));
  endpoint_.silent = true;
  endpoint_.settings.timeout_s = 900;
  add(endpoint_.settings);
  EXPECT_THAT(invoke().payload, HasSubstr("Task timed out after 0.10 seconds"));
}

TEST_F(UrlFunctionTest, AReplyIsAsLargeAsLambdaAllows) {
  endpoint_.reply.body = std::string(6'291'556, ' ');
  add(endpoint_.settings);
  EXPECT_EQ(invoke().function_error, "");
  endpoint_.reply.body += ' ';
  const auto result = invoke();
  EXPECT_EQ(result.function_error, "Unhandled");
  EXPECT_THAT(result.payload, HasSubstr("Function.ResponseSizeTooLarge"));
}

TEST_F(UrlFunctionTest, WithoutAConnectionThereIsNoStatus) {
  FunctionSettings settings;
  settings.name = "f";
  settings.url = "http://127.0.0.1:1/";
  add(settings);
  const auto result = invoke();
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.payload, HasSubstr("cannot connect to http://127.0.0.1:1/"));
}

}  // namespace
}  // namespace hydrant::functions
