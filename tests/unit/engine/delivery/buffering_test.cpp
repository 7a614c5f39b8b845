// When data leaves the buffer of the destination, and in what order.
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::size_t kMiB = 1024 * 1024;

class BufferingTest : public DeliveryTest {
 protected:
  static S3Settings hints(std::int32_t size_mb, std::int32_t interval_s) {
    S3Settings s3;
    s3.buffering_size_mb = size_mb;
    s3.buffering_interval_s = interval_s;
    return s3;
  }
};

TEST_F(BufferingTest, AQuietBufferIsWrittenWhenItsIntervalEnds) {
  create("logs", hints(5, 60));
  put("logs", {"one line\n"});

  advance(59s);
  EXPECT_THAT(bodies(), IsEmpty());
  advance(1s);
  EXPECT_THAT(bodies(), ElementsAre("one line\n"));
}

TEST_F(BufferingTest, TheIntervalRunsFromTheFirstRecordOfTheBuffer) {
  create("logs", hints(5, 60));
  advance(30s);
  put("logs", {"a"});
  advance(50s);
  put("logs", {"b"});

  advance(9s);
  EXPECT_THAT(bodies(), IsEmpty());
  advance(1s);
  EXPECT_THAT(bodies(), ElementsAre("ab"));
}

TEST_F(BufferingTest, RecordsAreJoinedInOrderWithoutASeparator) {
  create("logs", hints(5, 60));
  put("logs", {"abc", "", "abc"});
  put("logs", {"abc"});

  advance(60s);
  EXPECT_THAT(bodies(), ElementsAre("abcabcabc"));
}

TEST_F(BufferingTest, NothingIsWrittenForAnEmptyBuffer) {
  create("logs", hints(5, 60));
  advance(1h);
  EXPECT_EQ(sink.attempts(), 0);
}

TEST_F(BufferingTest, RecordsWithoutAByteMakeNoObject) {
  create("logs", hints(5, 60));
  put("logs", {"", ""});
  advance(60s);
  EXPECT_EQ(sink.attempts(), 0);
  EXPECT_TRUE(stream("logs")->drained());
}

TEST_F(BufferingTest, AFullBufferIsWrittenAtOnceAndOvershootsByOneRecordAtMost) {
  create("logs", hints(1, 900));
  const std::string large(700 * 1024, 'x');
  put("logs", {large, large, "rest"});
  settle();

  ASSERT_THAT(bodies(), SizeIs(1));
  EXPECT_EQ(bodies()[0].size(), 2 * large.size());
  advance(899s);
  EXPECT_THAT(bodies(), SizeIs(1));
  advance(1s);
  EXPECT_EQ(bodies()[1], "rest");
}

TEST_F(BufferingTest, SizeCountsBytesAndNotRecords) {
  create("logs", hints(1, 900));
  for (int i = 0; i < 2000; ++i) put("logs", {"x"});
  settle();
  EXPECT_THAT(bodies(), IsEmpty());

  put("logs", {std::string(kMiB - 2001, 'y')});
  settle();
  EXPECT_THAT(bodies(), IsEmpty());
  put("logs", {"z"});
  settle();
  ASSERT_THAT(bodies(), SizeIs(1));
  EXPECT_EQ(bodies()[0].size(), kMiB);
}

TEST_F(BufferingTest, ACutBySizeStopsTheClockOfTheBuffer) {
  create("logs", hints(1, 60));
  advance(30s);
  put("logs", {std::string(kMiB, 'x')});
  advance(10s);
  put("logs", {"late"});

  advance(59s);
  EXPECT_THAT(bodies(), SizeIs(1));
  advance(1s);
  EXPECT_THAT(bodies(), SizeIs(2));
}

TEST_F(BufferingTest, WithoutAnIntervalRecordsAreDeliveredAsSoonAsPossible) {
  create("logs", hints(5, 0));
  put("logs", {"now"});
  settle();
  EXPECT_THAT(bodies(), ElementsAre("now"));
}

TEST_F(BufferingTest, OneLargeCallMakesSeveralObjectsInOrder) {
  create("logs", hints(1, 60));
  std::vector<std::string> records;
  for (char c = 'a'; c < 'e'; ++c) records.emplace_back(kMiB, c);
  put("logs", records);
  settle();
  EXPECT_EQ(bodies(), records);
}

TEST_F(BufferingTest, ADelimiterGoesBehindEveryRecord) {
  S3Settings s3 = hints(5, 60);
  s3.processing.append_delimiter = "\n";
  create("logs", s3);
  put("logs", {"a", "b\n"});
  advance(60s);
  EXPECT_THAT(bodies(), ElementsAre("a\nb\n\n"));
}

TEST_F(BufferingTest, CountersFollowTheData) {
  create("logs", hints(5, 60));
  put("logs", {"abc", "de"});
  EXPECT_EQ(counters("logs").incoming_records, 2u);
  EXPECT_EQ(counters("logs").incoming_bytes, 5u);
  EXPECT_EQ(stream("logs")->state().undelivered_bytes, 5u);

  advance(60s);
  EXPECT_EQ(counters("logs").delivery_to_s3_records, 2u);
  EXPECT_EQ(counters("logs").delivery_to_s3_bytes, 5u);
  EXPECT_EQ(counters("logs").delivery_to_s3_object_count, 1u);
  EXPECT_EQ(stream("logs")->state().undelivered_records, 0u);
}

TEST_F(BufferingTest, TheStateShowsWhenABufferIsDue) {
  create("logs", hints(5, 60));
  EXPECT_EQ(stream("logs")->state().buffers.at(0).due, std::nullopt);
  put("logs", {"abc"});
  const auto buffer = stream("logs")->state().buffers.at(0);
  EXPECT_EQ(buffer.name, "destination");
  EXPECT_EQ(buffer.records, 1u);
  EXPECT_EQ(buffer.due, kStart + 60s);
}

}  // namespace
}  // namespace hydrant::delivery
