#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::HasSubstr;

class DeleteStreamTest : public KinesisTest {
 protected:
  DeleteStreamTest()
      : KinesisTest({.delays = {.create = milliseconds(500), .remove = milliseconds(500)}}) {}
  Answer remove(const std::string& stream) {
    return call("DeleteStream", {{"StreamName", stream}});
  }
};

TEST_F(DeleteStreamTest, TheReplyIsEmpty) {
  create_stream("s", 1);
  const auto answer = remove("s");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text, "");
}

TEST_F(DeleteStreamTest, AStreamIsDeletingUntilItsDelayHasPassed) {
  create_stream("s", 1);
  remove("s");
  advance(milliseconds(499));
  EXPECT_EQ(status("s"), "DELETING");
  advance(milliseconds(1));
  EXPECT_EQ(status("s"), "(none)");
}

TEST_F(DeleteStreamTest, ADeletingStreamStillShowsItsShards) {
  create_stream("s", 3);
  remove("s");
  EXPECT_EQ(shards("s").size(), 3U);
}

TEST_F(DeleteStreamTest, AStreamDeletedBeforeItWasActiveShowsNoShards) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 3}});
  EXPECT_THAT(remove("s"), Succeeded());
  EXPECT_EQ(shards("s"), Json::array());
}

TEST_F(DeleteStreamTest, AStreamDeletedWhileCreatingNeverBecomesActive) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  advance(milliseconds(300));
  remove("s");
  advance(milliseconds(300));
  EXPECT_EQ(status("s"), "DELETING");
}

TEST_F(DeleteStreamTest, AskingAgainWhileDeletingSucceedsAndChangesNothing) {
  create_stream("s", 1);
  remove("s");
  advance(milliseconds(300));
  EXPECT_THAT(remove("s"), Succeeded());
  advance(milliseconds(200));
  EXPECT_EQ(status("s"), "(none)");
}

TEST_F(DeleteStreamTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(remove("s"), RefusedAs("ResourceNotFoundException",
                                     "Stream s under account 123456789012 not found."));
}

TEST_F(DeleteStreamTest, ANameStaysTakenUntilItsStreamIsGone) {
  create_stream("s", 1);
  remove("s");
  const Json input = {{"StreamName", "s"}, {"ShardCount", 2}};
  EXPECT_THAT(call("CreateStream", input),
              RefusedAs("ResourceInUseException", HasSubstr("already exists.")));
  advance(milliseconds(500));
  create_stream("s", 2);
  EXPECT_EQ(shards("s").size(), 2U);
}

TEST_F(DeleteStreamTest, AnArnNamesTheStreamToo) {
  create_stream("s", 1);
  EXPECT_THAT(call("DeleteStream", {{"StreamARN", arn("s")}}), Succeeded());
  EXPECT_EQ(status("s"), "DELETING");
}

TEST_F(DeleteStreamTest, WordsAreTakenForABoolean) {
  create_stream("s", 1);
  EXPECT_THAT(call("DeleteStream", {{"StreamName", "s"}, {"EnforceConsumerDeletion", "Yes"}}),
              Succeeded());
}

TEST_F(DeleteStreamTest, OtherWordsAreNot) {
  EXPECT_THAT(call("DeleteStream", {{"StreamName", "s"}, {"EnforceConsumerDeletion", "maybe"}}),
              RefusedAs("SerializationException", "'MAYBE' can not be converted to an Boolean"));
}

TEST_F(DeleteStreamTest, TheMemoryOfItsRecordsIsFreeAgain) {
  create_stream("s", 2);
  put("s", record("data", "a"));
  put("s", record("data", "b"));
  ASSERT_GT(memory.used(), 0);
  remove("s");
  advance(milliseconds(500));
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(DeleteStreamTest, AStreamOfAnotherAccountIsOutOfReachByName) {
  create_stream("s", 1);
  EXPECT_THAT(
      call_as("210987654321", kRegion, "DeleteStream", {{"StreamName", "s"}}),
      RefusedAs("ResourceNotFoundException", "Stream s under account 210987654321 not found."));
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(DeleteStreamTest, ConsumersMustBeGivenUpInSoManyWords) {
  create_stream("s", 1);
  call("RegisterStreamConsumer", {{"StreamARN", arn("s")}, {"ConsumerName", "c"}});
  EXPECT_THAT(
      call("DeleteStream", {{"StreamName", "s"}}),
      RefusedAs("ResourceInUseException",
                "DeleteStream can't delete 123456789012:s because there are consumers associated "
                "with this data stream. To delete s anyway, set the EnforceConsumerDeletion "
                "parameter to true to force the deletion of all the consumers that are associated "
                "with it."));
  EXPECT_THAT(call("DeleteStream", {{"StreamName", "s"}, {"EnforceConsumerDeletion", true}}),
              Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
