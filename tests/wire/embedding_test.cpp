// What a program that embeds a server calls, instead of /_hydrant/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/running_server.h"

namespace hydrant {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Json;
using testing::kDirectToS3;
using ::testing::Optional;
using testing::RunningServer;
using ::testing::SizeIs;

void put(const RunningServer& running) {
  const auto answer = running.firehose(
      "PutRecord", {{"DeliveryStreamName", "logs"}, {"Record", {{"Data", "YWJj"}}}});
  ASSERT_EQ(answer.status, 200) << answer.body.dump();
}

TEST(EmbeddingTest, AdvanceReturnsWhenWhatWasDueIsWritten) {
  RunningServer running(kDirectToS3);
  put(running);
  EXPECT_EQ(running.server().advance(300s - 1us), std::nullopt);
  EXPECT_THAT(running.objects("logs"), IsEmpty());
  EXPECT_EQ(running.server().advance(1us), std::nullopt);
  EXPECT_THAT(running.objects("logs"), ElementsAre("abc"));
}

TEST(EmbeddingTest, TimeDoesNotGoBack) {
  RunningServer running;
  EXPECT_THAT(running.server().advance(-1us), Optional(HasSubstr("from 0 to")));
}

TEST(EmbeddingTest, ARealClockIsNotAdvanced) {
  auto options = RunningServer::quiet();
  options.clock.is_virtual = false;
  RunningServer running("{}", options);
  EXPECT_THAT(running.server().advance(1s), Optional(HasSubstr("not virtual")));
}

TEST(EmbeddingTest, FlushNamesWhatItWrote) {
  RunningServer running(kDirectToS3);
  put(running);
  const auto flushed = running.server().flush();
  EXPECT_THAT(flushed.error, IsEmpty());
  ASSERT_THAT(flushed.objects, SizeIs(1));
  EXPECT_TRUE(flushed.objects[0].starts_with("logs/"));
}

TEST(EmbeddingTest, FlushOfAnUnknownDeliveryStreamSaysSo) {
  RunningServer running;
  EXPECT_THAT(running.server().flush("nobody").error, HasSubstr("nobody"));
}

TEST(EmbeddingTest, ResetForgetsAllButWhatIsConfigured) {
  RunningServer running(kDirectToS3);
  put(running);
  EXPECT_THAT(running.server().flush().objects, SizeIs(1));
  EXPECT_EQ(running.kinesis("CreateStream", {{"StreamName", "s"}}).status, 200);
  EXPECT_EQ(running.server().reset(), std::nullopt);
  EXPECT_THAT(running.objects("logs"), IsEmpty());
  EXPECT_THAT(running.look("/state").body.at("streams"), IsEmpty());
  put(running);
}

TEST(EmbeddingTest, AServerThatWasNotStartedRefuses) {
  Server server(RunningServer::quiet());
  EXPECT_THAT(server.advance(1s), Optional(HasSubstr("not been started")));
  EXPECT_THAT(server.reset(), Optional(HasSubstr("not been started")));
  EXPECT_THAT(server.flush().error, HasSubstr("not been started"));
}

}  // namespace
}  // namespace hydrant
