// The limits of calls that are no data plane, which are off unless asked for.
#include "services/kinesis/call_rates.h"

#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::HasSubstr;

constexpr const char* kOfAccount = "Rate exceeded for account 123456789012.";
constexpr const char* kOfStream = "Rate exceeded for stream s under account 123456789012.";

class CallRatesTest : public KinesisTest {
 protected:
  CallRatesTest() : limited_({registry, clock, tokens, gaps, {}, nullptr, &rates_}) {}
  void SetUp() override {
    create_stream("s", 2);
    create_stream("other", 2);
  }
  // Through a service that counts calls.
  Answer ask(const std::string& operation, const Json& input) {
    aws::Dispatcher front({kAccount, kRegion}, {&limited_}, random, Logger::silent());
    return send_to(front, request_of(operation, input.dump()));
  }
  int granted(const std::string& operation, const Json& input) {
    for (int count = 0;; ++count)
      if (ask(operation, input).status != 200 || count > 100) return count;
  }

  CallRates rates_{clock};
  Service limited_;
};

TEST_F(CallRatesTest, AnAccountHasSoManyCallsASecond) {
  EXPECT_EQ(granted("DescribeLimits", Json::object()), 1);
  EXPECT_THAT(ask("DescribeLimits", Json::object()),
              RefusedAs("LimitExceededException", kOfAccount));
  advance(seconds(1));
  EXPECT_EQ(granted("DescribeLimits", Json::object()), 1);
}

TEST_F(CallRatesTest, TheRefusalNamesTheStreamThatTheCallNamed) {
  EXPECT_EQ(granted("DescribeStream", {{"StreamName", "s"}}), 10);
  EXPECT_THAT(ask("DescribeStream", {{"StreamName", "s"}}),
              RefusedAs("LimitExceededException", kOfStream));
}

TEST_F(CallRatesTest, LimitsOfAnAccountAreSharedByItsStreams) {
  granted("DescribeStream", {{"StreamName", "s"}});
  EXPECT_EQ(granted("DescribeStream", {{"StreamName", "other"}}), 0);
}

TEST_F(CallRatesTest, LimitsOfAStreamAreItsOwn) {
  EXPECT_EQ(granted("ListTagsForStream", {{"StreamName", "s"}}), 5);
  EXPECT_EQ(granted("ListTagsForStream", {{"StreamName", "other"}}), 5);
}

TEST_F(CallRatesTest, EachPageOfListShardsIsACall) {
  const auto token =
      call("ListShards", {{"StreamName", "s"}, {"MaxResults", 1}})["NextToken"].get<std::string>();
  for (int i = 0; i < 500; ++i) {
    ask("ListShards", {{"StreamName", "s"}});
    ask("ListShards", {{"NextToken", token}});
  }
  EXPECT_THAT(ask("ListShards", {{"StreamName", "s"}}),
              RefusedAs("LimitExceededException", kOfStream));
}

TEST_F(CallRatesTest, RecordsAreNotCountedHere) {
  EXPECT_GT(granted("PutRecord", {{"StreamName", "s"}, {"PartitionKey", "k"}, {"Data", ""}}), 100);
}

TEST_F(CallRatesTest, EncryptionStartsTwentyFiveTimesADay) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_THAT(ask("StartStreamEncryption", {{"StreamName", "s"},
                                              {"EncryptionType", "KMS"},
                                              {"KeyId", "key-" + std::to_string(i)}}),
                Succeeded())
        << i;
    advance(minutes(1));
  }
  const Json one_more = {{"StreamName", "s"}, {"EncryptionType", "KMS"}, {"KeyId", "last"}};
  EXPECT_THAT(ask("StartStreamEncryption", one_more),
              RefusedAs("LimitExceededException", kOfStream));
  advance(hours(24) - minutes(25));
  EXPECT_THAT(ask("StartStreamEncryption", one_more), Succeeded());
}

TEST_F(CallRatesTest, AStartThatComesTooOftenIsNoGap) {
  for (int i = 0; i < 26; ++i) {
    ask("StartStreamEncryption",
        {{"StreamName", "s"}, {"EncryptionType", "KMS"}, {"KeyId", "key-" + std::to_string(i)}});
    advance(minutes(1));
  }
  EXPECT_THAT(gaps.noted, testing::SizeIs(25));
}

TEST_F(CallRatesTest, TheModeChangesTwiceADay) {
  const auto change = [this](const std::string& mode) {
    return ask("UpdateStreamMode",
               {{"StreamARN", arn("s")}, {"StreamModeDetails", {{"StreamMode", mode}}}});
  };
  EXPECT_THAT(change("ON_DEMAND"), Succeeded());
  EXPECT_THAT(change("PROVISIONED"), Succeeded());
  EXPECT_THAT(change("ON_DEMAND"), RefusedAs("LimitExceededException", kOfStream));
}

TEST_F(CallRatesTest, AStreamThatIsCreatedAnewBeginsAnew) {
  granted("ListTagsForStream", {{"StreamName", "s"}});
  call("DeleteStream", {{"StreamName", "s"}});
  advance(milliseconds(1));
  create_stream("s", 1);
  EXPECT_THAT(ask("ListTagsForStream", {{"StreamName", "s"}}), Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
