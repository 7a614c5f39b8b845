// What an object is called and how its bytes are packed.
#include <libdeflate.h>

#include "unit/engine/delivery/delivery_test.h"

namespace hydrant::delivery {
namespace {

using ::testing::EndsWith;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kUuid[] = "[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-[0-9a-f]+";

class ObjectTest : public DeliveryTest {
 protected:
  // The one object that a record "data" makes.
  Written object_of(S3Settings s3) {
    create("logs", std::move(s3));
    put("logs", {"data"});
    advance(360s);
    EXPECT_THAT(sink.written(), SizeIs(1));
    return sink.written().at(0);
  }
};

std::string gunzip(const std::string& bytes) {
  std::string text(1 << 20, '\0');
  auto* decompressor = libdeflate_alloc_decompressor();
  std::size_t size = 0;
  EXPECT_EQ(libdeflate_gzip_decompress(decompressor, bytes.data(), bytes.size(), text.data(),
                                       text.size(), &size),
            LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(decompressor);
  return text.substr(0, size);
}

TEST_F(ObjectTest, TheNameHasStreamVersionArrivalAndUuid) {
  const Written object = object_of({});
  EXPECT_EQ(object.bucket, "bucket");
  EXPECT_EQ(object.content_encoding, "");
  EXPECT_THAT(object.key,
              MatchesRegex("2026/01/02/03/logs-1-2026-01-02-03-04-00-" + std::string(kUuid)));
}

TEST_F(ObjectTest, TheTimeIsTheArrivalOfTheOldestRecord) {
  create("logs");
  advance(55min);
  put("logs", {"03:59"});
  advance(2min);
  put("logs", {"04:01"});
  advance(5min);
  EXPECT_THAT(sink.written().at(0).key, StartsWith("2026/01/02/03/logs-1-2026-01-02-03-59-00-"));
}

TEST_F(ObjectTest, TheTimeIsThatOfTheTimeZoneBothTimes) {
  S3Settings s3;
  s3.custom_time_zone = "America/New_York";
  EXPECT_THAT(object_of(s3).key, StartsWith("2026/01/01/22/logs-1-2026-01-01-22-04-00-"));
}

TEST_F(ObjectTest, ErrorObjectsShowTheTimeOfTheTimeZoneToo) {
  S3Settings s3 = transformed();
  s3.custom_time_zone = "Asia/Calcutta";
  function->answer_with([](const Event&) { return answer("{}"); });
  EXPECT_THAT(object_of(s3).key,
              StartsWith("processing-failed/2026/01/02/08/logs-1-2026-01-02-08-34-00-"));
}

// A backup has no CustomTimeZone.
TEST_F(ObjectTest, TheBackupShowsTheTimeInUtc) {
  S3Settings s3;
  s3.custom_time_zone = "America/New_York";
  s3.backup.emplace().bucket = "backup";
  create("logs", std::move(s3));
  put("logs", {"data"});
  advance(360s);
  for (const Written& object : sink.written()) {
    EXPECT_THAT(object.key, StartsWith(object.bucket == "backup" ? "2026/01/02/03/logs-1-"
                                                                 : "2026/01/01/22/logs-1-"));
  }
  EXPECT_THAT(sink.written(), SizeIs(2));
}

TEST_F(ObjectTest, GzipMakesOneStreamAndSaysSo) {
  S3Settings s3;
  s3.compression = Compression::gzip;
  const Written object = object_of(s3);
  EXPECT_THAT(object.key, EndsWith(".gz"));
  EXPECT_EQ(object.content_encoding, "gzip");
  EXPECT_EQ(gunzip(object.bytes), "data");
}

TEST_F(ObjectTest, AFileExtensionReplacesTheDefaultOne) {
  S3Settings s3;
  s3.compression = Compression::gzip;
  s3.file_extension = ".custom.log";
  const Written object = object_of(s3);
  EXPECT_THAT(object.key, MatchesRegex(".*-[0-9a-f]+\\.custom\\.log"));
  EXPECT_EQ(object.content_encoding, "gzip");
}

TEST_F(ObjectTest, APlainPrefixIsFollowedByTheTimeWithoutASlash) {
  S3Settings s3;
  s3.prefix = "legacy";
  EXPECT_THAT(object_of(s3).key, StartsWith("legacy2026/01/02/03/logs-1-"));
}

TEST_F(ObjectTest, AnExpressionKeepsTheTimeFoldersAway) {
  S3Settings s3;
  s3.prefix = "y=!{timestamp:yyyy}/";
  EXPECT_THAT(object_of(s3).key, StartsWith("y=2026/logs-1-"));
}

TEST_F(ObjectTest, ErrorObjectsTakeTheErrorPrefixAndNoFileExtension) {
  S3Settings s3 = transformed();
  s3.prefix = "data/";
  s3.file_extension = ".json";
  function->answer_with([](const Event&) { return answer("{}"); });
  EXPECT_THAT(object_of(s3).key,
              MatchesRegex("data/processing-failed/2026/01/02/03/logs-1-2026-01-02-03-04-00-" +
                           std::string(kUuid)));
}

TEST_F(ObjectTest, ErrorObjectsAreCompressedLikeTheOthers) {
  S3Settings s3 = transformed();
  s3.error_output_prefix = "errors/!{firehose:error-output-type}/";
  s3.compression = Compression::gzip;
  function->answer_with([](const Event&) { return answer("{}"); });
  const Written object = object_of(s3);
  EXPECT_THAT(object.key, MatchesRegex("errors/processing-failed/logs-1-.*\\.gz"));
  EXPECT_THAT(gunzip(object.bytes), StartsWith(R"({"rawData":"ZGF0YQ==")"));
}

TEST_F(ObjectTest, AnUpdateCountsForDataCutLater) {
  create("logs");
  put("logs", {std::string(5 << 20, 'x')});
  put("logs", {"held"});
  settle();
  S3Settings s3 = named("logs").s3;
  s3.prefix = "new/";
  ASSERT_TRUE(stream("logs")->update("1", s3));
  EXPECT_EQ(stream("logs")->version_id(), "2");
  EXPECT_EQ(stream("logs")->updated_at(), kStart);
  advance(300s);

  ASSERT_THAT(sink.written(), SizeIs(2));
  EXPECT_THAT(sink.written()[0].key, StartsWith("2026/01/02/03/logs-1-"));
  EXPECT_THAT(sink.written()[1].key, StartsWith("new/2026/01/02/03/logs-2-"));
}

TEST_F(ObjectTest, AnUpdateOfAnotherVersionIsRefused) {
  create("logs");
  EXPECT_FALSE(stream("logs")->update("2", named("logs").s3));
  EXPECT_EQ(stream("logs")->version_id(), "1");
  EXPECT_EQ(stream("logs")->updated_at(), std::nullopt);
}

TEST_F(ObjectTest, AShorterIntervalCountsFromWhenTheBufferWasOpened) {
  create("logs");
  put("logs", {"held"});
  advance(100s);
  S3Settings s3 = named("logs").s3;
  s3.buffering_interval_s = 120;
  ASSERT_TRUE(stream("logs")->update("1", s3));
  advance(19s);
  EXPECT_THAT(bodies(), SizeIs(0));
  advance(1s);
  EXPECT_THAT(bodies(), SizeIs(1));
}

TEST_F(ObjectTest, DataCollectedForATransformStillGoesThroughIt) {
  create("logs", transformed());
  put("logs", {"a"});
  ASSERT_TRUE(stream("logs")->update("1", named("logs").s3));
  settle();
  put("logs", {"b"});
  advance(300s);
  EXPECT_EQ(delivered(), "<a>b");
}

}  // namespace
}  // namespace hydrant::delivery
