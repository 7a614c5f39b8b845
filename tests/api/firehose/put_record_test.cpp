#include "support/firehose_test.h"

namespace hydrant::firehose {
namespace {

using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

class PutRecordTest : public FirehoseTest {
 protected:
  using FirehoseTest::FirehoseTest;
};

TEST_F(PutRecordTest, TheRecordIsDeliveredWhenItsIntervalEnds) {
  ASSERT_TRUE(create("logs"));
  ASSERT_TRUE(put("logs", "one line\n"));

  advance(299s);
  EXPECT_THAT(world.sink.objects(), SizeIs(0));
  advance(1s);
  EXPECT_THAT(
      world.sink.objects(),
      UnorderedElementsAre(Pair(StartsWith("results/2026/01/02/00/logs-1-"), "one line\n")));
}

TEST_F(PutRecordTest, ARecordIdIsOpaqueAndItsOwn) {
  ASSERT_TRUE(create("logs"));
  const auto first = put("logs", "a"), second = put("logs", "a");

  ASSERT_TRUE(first && second);
  EXPECT_THAT((*first)["RecordId"].get<std::string>(), SizeIs(224));
  EXPECT_NE((*first)["RecordId"], (*second)["RecordId"]);
  EXPECT_EQ((*first)["Encrypted"], false);
}

TEST_F(PutRecordTest, ARecordMayBeEmpty) {
  ASSERT_TRUE(create("logs"));
  EXPECT_TRUE(put("logs", ""));
}

TEST_F(PutRecordTest, ARecordHoldsAThousandKibibytes) {
  ASSERT_TRUE(create("logs"));
  EXPECT_TRUE(put("logs", std::string(1'024'000, 'x')));
  EXPECT_THAT(put("logs", std::string(1'024'001, 'x')),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value at 'record.data' failed to satisfy "
                        "constraint: Member must have length less than or equal to 1024000"));
}

TEST_F(PutRecordTest, AnUnknownDeliveryStreamIsNotFound) {
  EXPECT_THAT(put("foo", "x"), RefusedAs("ResourceNotFoundException",
                                         "Firehose foo under account 123456789012 not found."));
}

TEST_F(PutRecordTest, ADeliveryStreamWithASourceTakesNoRecords) {
  create_source();
  ASSERT_TRUE(call("CreateDeliveryStream", from_kinesis("reader")));
  EXPECT_THAT(
      put("reader", "x"),
      RefusedAs("InvalidArgumentException",
                "This operation is not permitted on KinesisStreamAsSource delivery stream type."));
}

class PutRecordWhileCreatingTest : public PutRecordTest {
 protected:
  PutRecordWhileCreatingTest() : PutRecordTest({.create_delay = 1s}) {}
};

TEST_F(PutRecordWhileCreatingTest, ADeliveryStreamIsNotFoundBeforeItIsActive) {
  ASSERT_TRUE(create("logs"));
  EXPECT_THAT(put("logs", "x"), RefusedAs("ResourceNotFoundException",
                                          "Firehose logs under account 123456789012 not found."));
  advance(1s);
  EXPECT_TRUE(put("logs", "x"));
}

class PutRecordFullTest : public PutRecordTest {
 protected:
  PutRecordFullTest() : PutRecordTest({.memory_bytes_max = 1024 * 1024}) {}
};

TEST_F(PutRecordFullTest, WithoutRoomTheServiceIsUnavailable) {
  ASSERT_TRUE(create("logs"));
  ASSERT_TRUE(put("logs", std::string(1'000'000, 'x')));

  const auto refused = put("logs", std::string(100'000, 'x'));
  EXPECT_THAT(refused, RefusedAs("ServiceUnavailableException",
                                 "The records held in memory have reached memory.maxMiB (1 MiB)."));
  EXPECT_EQ(refused.error().status, 503);
}

class PutRecordQuotaTest : public PutRecordTest {
 protected:
  // 5 MiB a second, scaled to 5 KiB.
  PutRecordQuotaTest() : PutRecordTest({.quota = {.enabled = true, .scale = 1.0 / 1024}}) {}
};

TEST_F(PutRecordQuotaTest, OverTheQuotaTheCallIsToldToSlowDown) {
  ASSERT_TRUE(create("logs"));
  ASSERT_TRUE(put("logs", std::string(5000, 'x')));

  const auto refused = put("logs", std::string(5000, 'x'));
  EXPECT_THAT(refused, RefusedAs("ServiceUnavailableException", "Slow down."));
  EXPECT_EQ(refused.error().status, 503);
  advance(1s);
  EXPECT_TRUE(put("logs", std::string(5000, 'x')));
}

TEST_F(PutRecordTest, OnlyLogsArePutWhereRecordsAreDecompressed) {
  ASSERT_TRUE(create("logs", processing({processor("Decompression")})));
  EXPECT_THAT(put("logs", "plain"),
              RefusedAs("InvalidSourceException",
                        "Put to Firehose failed for AccountId: 123456789012, FirehoseName: logs "
                        "because the request is not originating from allowed source types."));
  EXPECT_FALSE(call_on("logs", "PutRecordBatch", {{"Records", {record("\x1f\x8b"), record("x")}}}));
  EXPECT_TRUE(put("logs", "\x1f\x8b\x08"));
}

}  // namespace
}  // namespace hydrant::firehose
