#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

class StopStreamEncryptionTest : public KinesisTest {
 protected:
  StopStreamEncryptionTest() : KinesisTest({.delays = {.update = seconds(3)}}) {}
  void SetUp() override {
    create_stream("s", 1);
    ask("Start");
    settle("s");
  }
  Answer ask(const std::string& verb, const std::string& type = "KMS") {
    return call(verb + "StreamEncryption",
                {{"StreamName", "s"}, {"EncryptionType", type}, {"KeyId", "alias/k"}});
  }
};

TEST_F(StopStreamEncryptionTest, TheKeyIsGone) {
  const auto answer = ask("Stop");
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(status("s"), "UPDATING");
  settle("s");
  const auto description = call("DescribeStream", {{"StreamName", "s"}})["StreamDescription"];
  EXPECT_EQ(description.at("EncryptionType"), "NONE");
  EXPECT_FALSE(description.contains("KeyId"));
}

TEST_F(StopStreamEncryptionTest, LaterRecordsAreNotMarked) {
  put("s", record("a", "k"));
  ask("Stop");
  settle("s");
  EXPECT_FALSE(put("s", record("b", "k")).body.contains("EncryptionType"));
  const auto records = read(iterator("s", "0"))["Records"];
  EXPECT_TRUE(records.at(0).contains("EncryptionType"));
  EXPECT_FALSE(records.at(1).contains("EncryptionType"));
}

TEST_F(StopStreamEncryptionTest, WhatIsNotEncryptedStaysSo) {
  ask("Stop");
  settle("s");
  EXPECT_THAT(ask("Stop"), Succeeded());
  EXPECT_EQ(status("s"), "ACTIVE");
}

TEST_F(StopStreamEncryptionTest, NoneIsNoEncryptionToStop) {
  EXPECT_EQ(ask("Stop", "NONE")["__type"], "InvalidArgumentException");
}

}  // namespace
}  // namespace hydrant::kinesis
