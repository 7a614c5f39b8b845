#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>

#include "support/running_server.h"

namespace hydrant {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Json;
using testing::kDirectToS3;
using testing::RunningServer;
using ::testing::SizeIs;

void put(const RunningServer& running, const std::string& name, const std::string& base64) {
  const auto answer =
      running.firehose("PutRecord", {{"DeliveryStreamName", name}, {"Record", {{"Data", base64}}}});
  ASSERT_EQ(answer.status, 200) << answer.body.dump();
}

TEST(AdminTest, HealthNamesTheVersion) {
  const RunningServer running;
  const auto answer = running.look("/health");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.at("status"), "ok");
  EXPECT_EQ(answer.body.at("version"), "0.1.0");
}

TEST(AdminTest, AVirtualClockMovesOnlyWhenItIsAdvanced) {
  const RunningServer running;
  const auto before = running.look("/clock").body.at("now");
  EXPECT_EQ(running.look("/clock").body.at("now"), before);
  EXPECT_EQ(running.advance(60).status, 200);
  EXPECT_NE(running.look("/clock").body.at("now"), before);
}

TEST(AdminTest, AdvanceAnswersWhenWhatWasDueIsWritten) {
  const RunningServer running(kDirectToS3);
  put(running, "logs", "YWJj");
  EXPECT_EQ(running.advance(299).status, 200);
  EXPECT_THAT(running.objects("logs"), IsEmpty());
  EXPECT_EQ(running.advance(1).status, 200);
  EXPECT_THAT(running.objects("logs"), ElementsAre("abc"));
}

TEST(AdminTest, ARealClockIsNotAdvanced) {
  auto options = RunningServer::quiet();
  options.clock.is_virtual = false;
  const RunningServer running("{}", options);
  EXPECT_EQ(running.advance(1).status, 409);
}

TEST(AdminTest, AdvanceWantsSecondsThatAreNotNegative) {
  const RunningServer running;
  EXPECT_EQ(running.advance(-1).status, 400);
  EXPECT_EQ(running.admin("/clock/advance", {{"seconds", "60"}}).status, 400);
  EXPECT_EQ(running.admin("/clock/advance").status, 400);
  EXPECT_EQ(running.send("POST", "/_hydrant/clock/advance", "nonsense").status, 400);
}

TEST(AdminTest, FlushNamesTheObjectsItWrote) {
  const RunningServer running(kDirectToS3);
  put(running, "logs", "YWJj");
  const auto answer = running.admin("/flush");
  EXPECT_EQ(answer.status, 200);
  ASSERT_THAT(answer.body.at("objects"), SizeIs(1));
  EXPECT_TRUE(answer.body.at("objects")[0].get<std::string>().starts_with("logs/"));
  EXPECT_THAT(running.objects("logs"), ElementsAre("abc"));
}

TEST(AdminTest, FlushOfAnUnknownDeliveryStreamIsNotFound) {
  const RunningServer running(kDirectToS3);
  EXPECT_EQ(running.admin("/flush/nowhere").status, 404);
  EXPECT_EQ(running.admin("/flush/logs").status, 200);
}

TEST(AdminTest, FlushSaysWhatCouldNotBeWritten) {
  const RunningServer running(kDirectToS3);
  std::ofstream(running.directory() / "data" / "s3") << "in the way";
  put(running, "logs", "YWJj");
  const auto answer = running.admin("/flush");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body.at("unwritten"), SizeIs(1));
  std::filesystem::remove(running.directory() / "data" / "s3");
  EXPECT_EQ(running.admin("/flush").status, 200);
  EXPECT_THAT(running.objects("logs"), ElementsAre("abc"));
}

TEST(AdminTest, ResetForgetsAllButWhatIsConfigured) {
  const RunningServer running(kDirectToS3);
  put(running, "logs", "YWJj");
  running.admin("/flush");
  running.kinesis("CreateStream", {{"StreamName", "clicks"}, {"ShardCount", 1}});

  EXPECT_EQ(running.admin("/reset").status, 200);
  EXPECT_THAT(running.objects("logs"), IsEmpty());
  EXPECT_THAT(running.kinesis("ListStreams", Json::object()).body.at("StreamNames"), IsEmpty());
  const auto listed = running.firehose("ListDeliveryStreams", Json::object());
  EXPECT_THAT(listed.body.at("DeliveryStreamNames"), ElementsAre("logs"));
}

TEST(AdminTest, AResetMakesWhatIsConfiguredWhateverClientsCreateMeanwhile) {
  Json streams = Json::array();
  for (int i = 0; i < 40; ++i)
    streams.push_back({{"StreamName", "s" + std::to_string(i)}, {"ShardCount", 1}});
  const RunningServer running(Json{{"streams", streams}}.dump());
  std::atomic<bool> over = false;
  const auto client = std::async(std::launch::async, [&] {
    while (!over) {
      const auto answer = running.kinesis("CreateStream", {{"StreamName", "s39"}});
      EXPECT_THAT(answer.body.value("__type", ""),
                  ::testing::AnyOf("ResourceInUseException", "ServiceUnavailableException"));
    }
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(running.admin("/reset").status, 200);
    const auto listed = running.kinesis("ListStreams", Json::object());
    EXPECT_THAT(listed.body.at("StreamNames"), SizeIs(40));
  }
  over = true;
}

TEST(AdminTest, TheClockMovesAgainAfterAnAdvanceThatAResetHasEnded) {
  const RunningServer running;
  std::atomic<bool> over = false;
  const auto client = std::async(std::launch::async, [&] {
    while (!over) EXPECT_THAT(running.advance(1).status, ::testing::AnyOf(200, 409));
  });
  for (int i = 0; i < 50; ++i) running.admin("/reset");
  over = true;
  client.wait();
  EXPECT_EQ(running.advance(1).status, 200);
}

TEST(AdminTest, AnIteratorFromBeforeAResetIsInvalid) {
  const RunningServer running(R"({"streams": [{"StreamName": "clicks", "ShardCount": 1}]})");
  const auto iterator = running.kinesis(
      "GetShardIterator",
      {{"StreamName", "clicks"}, {"ShardId", "0"}, {"ShardIteratorType", "LATEST"}});
  running.admin("/reset");
  const auto answer =
      running.kinesis("GetRecords", {{"ShardIterator", iterator.body.at("ShardIterator")}});
  EXPECT_EQ(answer.body.at("message"), "Invalid ShardIterator.");
}

TEST(AdminTest, APageOfAnotherSiteIsRefused) {
  const RunningServer running;
  const auto from = [&](const std::string& origin) {
    return running.send("GET", "/_hydrant/state", "", {{"Origin", origin}}).status;
  };
  EXPECT_EQ(from("https://evil.example"), 403);
  EXPECT_EQ(from("https://localhost.evil.example"), 403);
  EXPECT_EQ(from("null"), 403);
  EXPECT_EQ(from("http://localhost:3000"), 200);
  EXPECT_EQ(from("http://127.0.0.1:4566"), 200);
  EXPECT_EQ(from("http://[::1]:4566"), 200);
}

TEST(AdminTest, StateTellsOfStreamsAndBuffers) {
  const RunningServer running(kDirectToS3);
  running.kinesis("CreateStream", {{"StreamName", "clicks"}, {"ShardCount", 2}});
  put(running, "logs", "YWJj");
  const auto state = running.look("/state").body;
  EXPECT_THAT(state.at("streams")[0].at("shards"), SizeIs(2));
  EXPECT_EQ(state.at("deliveryStreams")[0].at("undeliveredRecords"), 1);
}

TEST(AdminTest, AnUnknownPathIsNotFound) {
  const RunningServer running;
  EXPECT_EQ(running.look("/nothing").status, 404);
  EXPECT_EQ(running.look("/flush").status, 404);
}

// A handler that waited for the clock would wait for itself.
TEST(AdminTest, AHandlerCannotAdvanceTheClockThatWaitsForIt) {
  constexpr const char* kWithHandler = R"({
    "functions": [{"FunctionName": "f", "Runtime": "python3", "Handler": "app.handler",
                   "Directory": "."}],
    "deliveryStreams": [{"DeliveryStreamName": "logs", "ExtendedS3DestinationConfiguration": {
      "RoleARN": "arn:aws:iam::000000000000:role/r", "BucketARN": "arn:aws:s3:::logs",
      "ProcessingConfiguration": {"Enabled": true, "Processors": [{"Type": "Lambda", "Parameters": [
        {"ParameterName": "LambdaArn",
         "ParameterValue": "arn:aws:lambda:us-east-1:000000000000:function:f"}]}]}}}]})";
  const RunningServer running(R"({})");
  // Relative paths start at the configuration's folder, so the handler is written beside it.
  std::ofstream(running.directory() / "app.py") << R"(
import base64, os, urllib.error, urllib.request
def handler(event, context):
    url = os.environ["AWS_ENDPOINT_URL"] + "/_hydrant/clock/advance"
    try:
        code = urllib.request.urlopen(url, data=b'{"seconds": 1}', timeout=10).status
    except urllib.error.HTTPError as error:
        code = error.code
    data = base64.b64encode(str(code).encode()).decode()
    return {"records": [{"recordId": r["recordId"], "result": "Ok", "data": data}
                        for r in event["records"]]}
)";
  std::string configuration = kWithHandler;
  const auto here = running.directory().string();
  configuration.replace(configuration.find("\".\""), 3, "\"" + here + "\"");
  const RunningServer with_handler(configuration);
  put(with_handler, "logs", "YWJj");
  EXPECT_EQ(with_handler.admin("/flush").status, 200);
  EXPECT_THAT(with_handler.objects("logs"), ElementsAre("409"));
}

TEST(AdminTest, AFunctionThatIsAUrlIsDeclared) {
  const RunningServer running(
      R"({"functions": [{"FunctionName": "f", "Url": "http://127.0.0.1:9/invocations"}]})");
  EXPECT_EQ(running.look("/state").body.at("functions")[0].at("kind"), "url");
}

TEST(AdminTest, TwoServersInOneProcessKnowNothingOfEachOther) {
  const RunningServer one, other;
  one.kinesis("CreateStream", {{"StreamName", "clicks"}, {"ShardCount", 1}});
  EXPECT_THAT(other.kinesis("ListStreams", Json::object()).body.at("StreamNames"), IsEmpty());
}

TEST(AdminTest, StopDeliversWhatIsBuffered) {
  RunningServer running(kDirectToS3);
  put(running, "logs", "YWJj");
  EXPECT_TRUE(running.server().stop());
  EXPECT_THAT(running.objects("logs"), ElementsAre("abc"));
}

TEST(AdminTest, APortInUseIsNamed) {
  RunningServer running;
  auto options = RunningServer::quiet();
  options.port = running.server().port();
  options.data_dir = running.directory() / "other";
  Server second(options);
  const auto failure = second.start();
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->exit_code, 1);
}

}  // namespace
}  // namespace hydrant
