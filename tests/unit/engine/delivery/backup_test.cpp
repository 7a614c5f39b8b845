// S3BackupMode: every source record, as it came, in a bucket of its own.
#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class BackupTest : public DeliveryTest {
 protected:
  static S3Settings backed_up(S3Settings s3 = {}) {
    s3.buffering_interval_s = 300;
    s3.backup.emplace();
    s3.backup->bucket = "copies";
    s3.backup->prefix = "source/";
    s3.backup->buffering_interval_s = 60;
    return s3;
  }
  std::vector<Written> in(const std::string& bucket) const {
    auto all = sink.written();
    std::erase_if(all, [&](const auto& object) { return object.bucket != bucket; });
    return all;
  }
};

TEST_F(BackupTest, HoldsRecordsAsTheyCameWhateverBecomesOfThem) {
  create("events", backed_up(transformed()));
  function->answer_with([](const Event& event) {
    return answer(R"({"records":[{"recordId":")" + event.records[0].id +
                  R"(","result":"Dropped"}]})");
  });
  put("events", {"a", "b"});
  flush();
  ASSERT_THAT(in("copies"), SizeIs(1));
  EXPECT_EQ(in("copies")[0].bytes, "ab");
  EXPECT_THAT(in("copies")[0].key,
              StartsWith("source/2026/01/02/03/events-1-2026-01-02-03-04-00-"));
  EXPECT_EQ(counters("events").backup_to_s3_records, 2U);
}

TEST_F(BackupTest, HasHintsAndCompressionOfItsOwn) {
  auto s3 = backed_up();
  s3.backup->compression = Compression::gzip;
  create("events", s3);
  put("events", {"a"});
  advance(60s);
  ASSERT_THAT(sink.written(), SizeIs(1));
  EXPECT_EQ(in("copies")[0].content_encoding, "gzip");
  EXPECT_THAT(in("copies")[0].key, testing::EndsWith(".gz"));
  advance(240s);
  EXPECT_THAT(in("bucket"), SizeIs(1));
}

TEST_F(BackupTest, IsInUtcWhateverTheZoneOfTheDestination) {
  auto s3 = backed_up();
  s3.custom_time_zone = "Asia/Tokyo";
  create("events", s3);
  put("events", {"a"});
  flush();
  EXPECT_THAT(in("copies")[0].key, StartsWith("source/2026/01/02/03/"));
  EXPECT_THAT(in("bucket")[0].key, StartsWith("2026/01/02/12/events-1-2026-01-02-12-04-00-"));
}

TEST_F(BackupTest, ThatCannotBeWrittenDoesNotHoldUpTheData) {
  create("events", backed_up());
  sink.fail_with("no such disk", "copies");
  put("events", {"a"});
  const auto result = flush();
  EXPECT_THAT(result.written, SizeIs(1));
  ASSERT_THAT(result.unwritten, SizeIs(1));
  EXPECT_THAT(result.unwritten[0].object, StartsWith("copies/source/"));
  EXPECT_EQ(stream("events")->state().undelivered_records, 0U);
  EXPECT_EQ(stream("events")->state().undelivered_backup_records, 1U);
  sink.fail_with(std::nullopt);
  flush();
  EXPECT_THAT(in("copies"), SizeIs(1));
  EXPECT_EQ(memory.used(), 0);
}

TEST_F(BackupTest, IsWrittenWhileTheDataCannotBe) {
  create("events", backed_up());
  sink.fail_with("no such disk", "bucket");
  put("events", {"a"});
  advance(300s);
  EXPECT_THAT(in("copies"), SizeIs(1));
  EXPECT_THAT(in("bucket"), IsEmpty());
}

TEST_F(BackupTest, CountsAsHeldMemoryUntilItIsWritten) {
  create("events", backed_up());
  put("events", {std::string(1'000, 'x')});
  EXPECT_GE(memory.used(), 2'000);
  advance(60s);
  EXPECT_LT(memory.used(), 2'000);
  EXPECT_GE(memory.used(), 1'000);
}

TEST_F(BackupTest, ThatIsLostIsCountedApart) {
  create("events", backed_up());
  const auto events = stream("events");
  put("events", {"a", "b"});
  registry.remove(events->id());
  EXPECT_EQ(events->state().counters.discarded_records, 2U);
  EXPECT_EQ(events->state().counters.discarded_backup_records, 2U);
}

}  // namespace
}  // namespace hydrant::delivery
