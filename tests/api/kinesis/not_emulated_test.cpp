#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NotEmulatedTest : public KinesisTest {
 protected:
  void SetUp() override { create_stream("s", 1); }

  Answer put_dry(bool dry) {
    auto entry = record("x", "a");
    entry["DryRun"] = dry;
    return put("s", entry);
  }
  Answer list_shards_of(std::int64_t created_s) {
    return call("ListShards", {{"StreamName", "s"}, {"StreamCreationTimestamp", created_s}});
  }
  static Json automatic(const std::string& name) {
    return {{"StreamName", name}, {"RecordDistributionStrategy", "AUTO"}};
  }
};

TEST_F(NotEmulatedTest, ADryRunIsCarriedOutAndNoted) {
  EXPECT_THAT(put_dry(true), Succeeded());
  EXPECT_THAT(drain("s", shard_name(0)), ElementsAre("x"));
  EXPECT_THAT(gaps.noted, ElementsAre("PutRecord s: DryRun"));
}

TEST_F(NotEmulatedTest, AStrictServerRefusesADryRun) {
  gaps.strict = true;
  EXPECT_THAT(put_dry(true), RefusedAs("ValidationException", "DryRun is not emulated"));
  EXPECT_THAT(drain("s", shard_name(0)), IsEmpty());
}

TEST_F(NotEmulatedTest, ARunThatIsNotDryIsAsIfNothingWereSaid) {
  gaps.strict = true;
  EXPECT_THAT(put_dry(false), Succeeded());
  EXPECT_THAT(gaps.noted, IsEmpty());
}

TEST_F(NotEmulatedTest, ADryRunThatIsRefusedIsNotNoted) {
  auto entry = record("x", "a");
  entry["DryRun"] = true;
  EXPECT_EQ(put("none", entry)["__type"], "ResourceNotFoundException");
  EXPECT_THAT(gaps.noted, IsEmpty());
}

TEST_F(NotEmulatedTest, ACreationTimestampOfAnotherStreamIsNoted) {
  EXPECT_EQ(list_shards_of(kStartSecond - 1)["Shards"].size(), 1U);
  EXPECT_THAT(gaps.noted, ElementsAre("ListShards s: StreamCreationTimestamp"));
}

TEST_F(NotEmulatedTest, ACreationTimestampOfTheStreamItselfIsNot) {
  EXPECT_EQ(list_shards_of(kStartSecond)["Shards"].size(), 1U);
  EXPECT_THAT(gaps.noted, IsEmpty());
}

TEST_F(NotEmulatedTest, AnAutomaticDistributionOfRecordsIsNoted) {
  EXPECT_THAT(call("CreateStream", automatic("auto")), Succeeded());
  EXPECT_THAT(gaps.noted, ElementsAre("CreateStream auto: RecordDistributionStrategy"));
}

TEST_F(NotEmulatedTest, AStrictServerCreatesNoStreamWithIt) {
  gaps.strict = true;
  EXPECT_THAT(call("CreateStream", automatic("auto")),
              RefusedAs("ValidationException", "RecordDistributionStrategy is not emulated"));
  EXPECT_EQ(status("auto"), "(none)");
}

TEST_F(NotEmulatedTest, AStreamThatIsThereAlreadyIsNotNoted) {
  EXPECT_EQ(call("CreateStream", automatic("s"))["__type"], "ResourceInUseException");
  EXPECT_THAT(gaps.noted, IsEmpty());
}

}  // namespace
}  // namespace hydrant::kinesis
