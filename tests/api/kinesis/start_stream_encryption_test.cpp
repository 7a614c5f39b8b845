#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class StartStreamEncryptionTest : public KinesisTest {
 protected:
  StartStreamEncryptionTest() : KinesisTest({.delays = {.update = seconds(3)}}) {}
  void SetUp() override { create_stream("s", 1); }

  Answer start(const std::string& key = "alias/aws/kinesis", const std::string& type = "KMS") {
    return call("StartStreamEncryption",
                {{"StreamName", "s"}, {"EncryptionType", type}, {"KeyId", key}});
  }
  Json summary() {
    return call("DescribeStreamSummary", {{"StreamName", "s"}})["StreamDescriptionSummary"];
  }
};

TEST_F(StartStreamEncryptionTest, TheKeyIsShownAsItWasGiven) {
  const auto answer = start();
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(status("s"), "UPDATING");
  EXPECT_EQ(summary().at("EncryptionType"), "NONE");
  settle("s");
  EXPECT_EQ(summary().at("EncryptionType"), "KMS");
  EXPECT_EQ(summary().at("KeyId"), "alias/aws/kinesis");
}

TEST_F(StartStreamEncryptionTest, OnlyRecordsOfTheTimeAfterAreMarked) {
  EXPECT_FALSE(put("s", record("a", "k")).body.contains("EncryptionType"));
  start();
  settle("s");
  EXPECT_EQ(put("s", record("b", "k"))["EncryptionType"], "KMS");
  EXPECT_EQ(put_all("s", {record("c", "k")})["EncryptionType"], "KMS");
  const auto records = read(iterator("s", "0"))["Records"];
  EXPECT_FALSE(records.at(0).contains("EncryptionType"));
  EXPECT_EQ(records.at(1).at("EncryptionType"), "KMS");
  EXPECT_EQ(records.at(2).at("EncryptionType"), "KMS");
}

TEST_F(StartStreamEncryptionTest, ThatTheKeyIsNotUsedIsNoted) {
  start();
  EXPECT_THAT(gaps.noted, ElementsAre("StartStreamEncryption s: KeyId"));
}

TEST_F(StartStreamEncryptionTest, TheSameKeyAgainChangesNothing) {
  start();
  settle("s");
  EXPECT_THAT(start(), Succeeded());
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(StartStreamEncryptionTest, NoneIsNoEncryption) {
  EXPECT_EQ(start("k", "NONE")["__type"], "InvalidArgumentException");
  EXPECT_EQ(call("StartStreamEncryption",
                 {{"StreamName", "none"}, {"EncryptionType", "NONE"}, {"KeyId", "k"}})["__type"],
            "ResourceNotFoundException");
  EXPECT_THAT(gaps.noted, IsEmpty());
}

TEST_F(StartStreamEncryptionTest, AStreamThatIsUpdatingIsInUse) {
  start();
  EXPECT_EQ(start("another")["__type"], "ResourceInUseException");
}

}  // namespace
}  // namespace hydrant::kinesis
