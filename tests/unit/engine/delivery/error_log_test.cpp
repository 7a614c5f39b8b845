// CloudWatchLoggingOptions: an event for each failure, in a file and in the state.
#include "engine/delivery/error_log.h"

#include <algorithm>

#include "unit/engine/delivery/delivery_test.h"
#include "unit/engine/objects/scratch_folder.h"

namespace hydrant::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ErrorLogTest : public DeliveryTest {
 protected:
  static S3Settings logged(S3Settings s3 = {}) {
    s3.logging = {true, "/aws/kinesisfirehose/events", "DestinationDelivery"};
    return s3;
  }
};

TEST_F(ErrorLogTest, AFailedBatchIsOneEventThatNamesTheFunction) {
  create("events", logged(transformed(lambda(0))));
  function->answer_with([](const Event&) { return function_error(); });
  put("events", {"a", "b"});
  flush();
  EXPECT_THAT(
      error_log.lines(),
      ElementsAre(
          R"(/aws/kinesisfirehose/events:DestinationDelivery {"deliveryStreamARN":)"
          R"("arn:aws:firehose:us-east-1:123456789012:deliverystream/events",)"
          R"("destination":"arn:aws:s3:::bucket","deliveryStreamVersionId":1,)"
          R"("message":"The Lambda function was successfully invoked but it returned an error )"
          R"(result.","errorCode":"Lambda.FunctionError","processor":")" +
          kLambdaArn + R"("})"));
  EXPECT_THAT(stream("events")->state().error_log, SizeIs(1));
}

TEST_F(ErrorLogTest, AWriteThatFailsIsAnEventWithoutAFunction) {
  create("events", logged());
  sink.fail_with("the disk is full");
  put("events", {"a"});
  flush();
  ASSERT_THAT(error_log.lines(), SizeIs(1));
  EXPECT_THAT(error_log.lines()[0], HasSubstr(R"("errorCode":"InternalError"})"));
}

TEST_F(ErrorLogTest, IsSilentUnlessItIsEnabled) {
  create("events", transformed(lambda(0)));
  function->answer_with([](const Event&) { return function_error(); });
  put("events", {"a"});
  flush();
  EXPECT_THAT(error_log.lines(), IsEmpty());
  EXPECT_THAT(stream("events")->state().error_log, IsEmpty());
}

TEST_F(ErrorLogTest, TheStateHoldsTheLatestEventsOnly) {
  create("events", logged(transformed(lambda(0))));
  function->answer_with([](const Event&) { return function_error(); });
  for (int i = 0; i < 30; ++i) {
    put("events", {"a"});
    flush();
  }
  EXPECT_THAT(stream("events")->state().error_log, SizeIs(20));
  EXPECT_THAT(error_log.lines(), SizeIs(30));
}

class FileErrorLogTest : public ::testing::Test {
 protected:
  objects::ScratchFolder folder;
  FileErrorLog log{folder.path() / "logs"};
};

TEST_F(FileErrorLogTest, EveryEventIsALineOfTheFileOfItsLogStream) {
  const CloudWatchLoggingSettings logging{true, "/aws/group", "stream"};
  log.put(logging, kStart, R"({"a":1})");
  log.put(logging, kStart + 1s, R"({"a":2})");
  EXPECT_EQ(folder.read("logs/aws/group/stream"),
            "{\"timestamp\":1767323040000,\"message\":{\"a\":1}}\n"
            "{\"timestamp\":1767323041000,\"message\":{\"a\":2}}\n");
}

TEST_F(FileErrorLogTest, ANameCannotLeadOutOfTheFolder) {
  log.put({true, "/../..", "../up"}, kStart, "{}");
  ASSERT_THAT(folder.files(), SizeIs(1));
  EXPECT_THAT(folder.files()[0], StartsWith("logs/"));
}

TEST_F(FileErrorLogTest, NamesAreAsLongAsTheApiTakesThem) {
  const CloudWatchLoggingSettings logging{true, std::string(512, 'g'), std::string(512, 's')};
  log.put(logging, kStart, "{}");
  log.put(logging, kStart, "{}");
  ASSERT_THAT(folder.files(), SizeIs(1));
  const std::string line = "{\"timestamp\":1767323040000,\"message\":{}}\n";
  EXPECT_EQ(folder.read(folder.files()[0]), line + line);
}

TEST_F(FileErrorLogTest, NoNameIsInTheWayOfAnother) {
  for (int i = 0; i < 2; ++i) {
    log.put({true, "g", "x"}, kStart, "{}");
    log.put({true, "g/x", "y"}, kStart, "{}");
    log.put({true, "h/x", "y"}, kStart, "{}");
    log.put({true, "h", "x"}, kStart, "{}");
  }
  const std::string line = "{\"timestamp\":1767323040000,\"message\":{}}\n";
  EXPECT_THAT(folder.files("logs"), ElementsAre("g/x", "g/x%7E/y", "h/x%7E", "h/x/y"));
  for (const auto& file : folder.files("logs"))
    EXPECT_EQ(folder.read("logs/" + file), line + line) << file;
  log.clear();
  EXPECT_THAT(folder.files("logs"), IsEmpty());
}

TEST_F(FileErrorLogTest, WhatCannotBeWrittenIsToldOnce) {
  folder.write("logs", "a file");
  FileErrorLog told(folder.path() / "logs", Logger::to_stderr("warn", "text"));
  testing::internal::CaptureStderr();
  for (int i = 0; i < 2; ++i) told.put({true, "group", "stream"}, kStart, "{}");
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("cannot be written"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
}

TEST_F(FileErrorLogTest, AProcessBeginsItsFilesAnew) {
  const CloudWatchLoggingSettings logging{true, "group", "stream"};
  FileErrorLog(folder.path() / "logs").put(logging, kStart, "{}");
  log.put(logging, kStart, R"({"a":1})");
  EXPECT_EQ(folder.read("logs/group/stream"),
            "{\"timestamp\":1767323040000,\"message\":{\"a\":1}}\n");
}

}  // namespace
}  // namespace hydrant::delivery
