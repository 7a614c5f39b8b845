#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

constexpr const char* kPolicy = R"({"Version": "2012-10-17", "Statement": []})";

class PutResourcePolicyTest : public KinesisTest {
 protected:
  PutResourcePolicyTest() : KinesisTest({.delays = {.consumer = seconds(1)}}) {
    create_stream("s", 1);
  }

  Answer put_policy(const std::string& resource, const std::string& policy) {
    return call("PutResourcePolicy", {{"ResourceARN", resource}, {"Policy", policy}});
  }
  Json policy_of(const std::string& resource) {
    return call("GetResourcePolicy", {{"ResourceARN", resource}})["Policy"];
  }
};

TEST_F(PutResourcePolicyTest, ThePolicyIsKeptAsItIsAndTheReplyIsEmpty) {
  const auto answer = put_policy(arn("s"), kPolicy);
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(policy_of(arn("s")), kPolicy);
}

TEST_F(PutResourcePolicyTest, ALaterPolicyTakesThePlaceOfAnEarlierOne) {
  put_policy(arn("s"), kPolicy);
  put_policy(arn("s"), "{}");
  EXPECT_EQ(policy_of(arn("s")), "{}");
}

TEST_F(PutResourcePolicyTest, AConsumerHasAPolicyOfItsOwnOnceItIsActive) {
  const auto registered =
      call("RegisterStreamConsumer", {{"StreamARN", arn("s")}, {"ConsumerName", "c"}});
  const auto consumer = registered["Consumer"].at("ConsumerARN").get<std::string>();
  EXPECT_THAT(put_policy(consumer, kPolicy),
              RefusedAs("ResourceInUseException",
                        "Consumer c with creation timestamp 1767225600 under stream s and account "
                        "123456789012 is not in ACTIVE status."));
  advance(seconds(1));
  EXPECT_THAT(put_policy(consumer, kPolicy), Succeeded());
  EXPECT_EQ(policy_of(consumer), kPolicy);
  EXPECT_EQ(policy_of(arn("s")), "{}");
}

TEST_F(PutResourcePolicyTest, WhatIsNoJsonObjectIsRefused) {
  for (const auto* policy : {"", "policy", "[]", "\"text\"", "{", "{\"a\": }", "{} {}"})
    EXPECT_THAT(
        put_policy(arn("s"), policy),
        RefusedAs("InvalidArgumentException", "The resource policy is not a valid JSON document."))
        << policy;
}

TEST_F(PutResourcePolicyTest, APolicyHasAtMost20Kilobytes) {
  const std::string frame = R"({"Id": ""})";
  const auto of_size = [&](std::size_t bytes) {
    return R"({"Id": ")" + std::string(bytes - frame.size(), 'x') + "\"}";
  };
  EXPECT_THAT(put_policy(arn("s"), of_size(20'480)), Succeeded());
  EXPECT_THAT(put_policy(arn("s"), of_size(20'481)),
              RefusedAs("InvalidArgumentException",
                        "The resource policy exceeds the maximum size of 20480 bytes."));
}

TEST_F(PutResourcePolicyTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      put_policy(arn("none"), kPolicy),
      RefusedAs("ResourceNotFoundException", "Stream none under account 123456789012 not found."));
}

TEST_F(PutResourcePolicyTest, ThatNobodyAsksItIsNoted) {
  put_policy(arn("s"), kPolicy);
  EXPECT_THAT(gaps.noted, testing::ElementsAre("PutResourcePolicy " + arn("s") + ": Policy"));
}

TEST_F(PutResourcePolicyTest, AStrictServerRefusesIt) {
  gaps.strict = true;
  EXPECT_THAT(put_policy(arn("s"), kPolicy),
              RefusedAs("ValidationException", "Policy is not emulated"));
  EXPECT_EQ(policy_of(arn("s")), "{}");
}

}  // namespace
}  // namespace hydrant::kinesis
