#include "support/consumer_test.h"
#include "support/event_reader.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kShard = "shardId-000000000000";

class SubscribeToShardTest : public ConsumerTest {
 protected:
  explicit SubscribeToShardTest(const World& world = {}) : ConsumerTest(world) {}
  void SetUp() override {
    ConsumerTest::SetUp();
    consumer_ = enrolled("c");
  }

  Answer subscribe(const Json& position, const std::string& shard = kShard) {
    return call("SubscribeToShard",
                {{"ConsumerARN", consumer_}, {"ShardId", shard}, {"StartingPosition", position}});
  }
  std::unique_ptr<EventReader> subscribed(const Json& position = {{"Type", "TRIM_HORIZON"}}) {
    const auto answer = subscribe(position);
    EXPECT_THAT(answer, Succeeded());
    return answer.stream ? std::make_unique<EventReader>(answer.stream) : nullptr;
  }
  // The data of all records that come now, from whatever events.
  static std::vector<std::string> data_of_events(EventReader& reader) {
    std::vector<std::string> all;
    for (const auto& frame : reader.frames()) {
      if (!frame.payload.contains("Records")) continue;
      for (const auto& each : frame.payload.at("Records"))
        all.push_back(decoded(each.at("Data").get<std::string>()));
    }
    return all;
  }
  std::vector<std::string> read_from(const Json& position) {
    advance(seconds(5));  // an earlier subscription gives way
    return data_of_events(*subscribed(position));
  }
  std::string put_number(const std::string& data) {
    return put("s", record(data, "k"))["SequenceNumber"].get<std::string>();
  }
  // How the stream ends, for whatever reason.
  static Json exception_of(EventReader& reader) {
    const auto frames = reader.frames();
    EXPECT_TRUE(reader.ended());
    if (frames.empty()) return nullptr;
    const auto& headers = frames.back().headers;
    EXPECT_EQ(headers.at(":message-type"), "exception");
    return {headers.at(":exception-type"), frames.back().payload.at("message")};
  }

  std::string consumer_;
};

TEST_F(SubscribeToShardTest, TheAnswerIsAStreamThatBeginsWithItsInitialResponse) {
  const auto answer = subscribe({{"Type", "LATEST"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/vnd.amazon.eventstream");
  EventReader reader(answer.stream);
  const auto frames = reader.frames();
  ASSERT_THAT(frames, SizeIs(2));
  EXPECT_EQ(frames[0].headers.at(":event-type"), "initial-response");
  EXPECT_EQ(frames[0].payload, Json::object());
  EXPECT_EQ(frames[1].headers.at(":event-type"), "SubscribeToShardEvent");
}

TEST_F(SubscribeToShardTest, AnEventHasItsThreeMembers) {
  const auto number = put_number("a");
  const auto payload = subscribed()->frames().at(1).payload;
  EXPECT_EQ(payload, Json({{"Records",
                            {{{"SequenceNumber", number},
                              {"ApproximateArrivalTimestamp", kStartSecond},
                              {"Data", "YQ=="},
                              {"PartitionKey", "k"}}}},
                           {"ContinuationSequenceNumber", number},
                           {"MillisBehindLatest", 0}}));
}

TEST_F(SubscribeToShardTest, RecordsArePushedAsTheyCome) {
  const auto reader = subscribed();
  EXPECT_THAT(data_of_events(*reader), IsEmpty());
  put_number("a");
  EXPECT_EQ(reader->wakes(), 1);
  EXPECT_THAT(data_of_events(*reader), ElementsAre("a"));
}

TEST_F(SubscribeToShardTest, APositionIsWhatItIsForAnIterator) {
  put_number("a");
  advance(seconds(10));
  const auto second = put_number("b");
  put_number("c");
  EXPECT_THAT(read_from({{"Type", "TRIM_HORIZON"}}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(read_from({{"Type", "LATEST"}}), IsEmpty());
  EXPECT_THAT(read_from({{"Type", "AT_SEQUENCE_NUMBER"}, {"SequenceNumber", second}}),
              ElementsAre("b", "c"));
  EXPECT_THAT(read_from({{"Type", "AFTER_SEQUENCE_NUMBER"}, {"SequenceNumber", second}}),
              ElementsAre("c"));
  EXPECT_THAT(read_from({{"Type", "AT_TIMESTAMP"}, {"Timestamp", kStartSecond + 10}}),
              ElementsAre("b", "c"));
  EXPECT_THAT(read_from({{"Type", "AT_TIMESTAMP"}, {"Timestamp", 1}}), ElementsAre("a", "b", "c"));
}

TEST_F(SubscribeToShardTest, TheContinuationLeadsToTheNextRecord) {
  put_number("a");
  const auto first = subscribed()->frames().at(1).payload.at("ContinuationSequenceNumber");
  put_number("b");
  EXPECT_THAT(read_from({{"Type", "AFTER_SEQUENCE_NUMBER"}, {"SequenceNumber", first}}),
              ElementsAre("b"));
}

TEST_F(SubscribeToShardTest, BeforeTheFirstRecordTheContinuationIsThatOfTheRecordBefore) {
  const auto number = put_number("a");
  advance(seconds(10));
  for (const Json& position : {Json{{"Type", "AFTER_SEQUENCE_NUMBER"}, {"SequenceNumber", number}},
                               Json{{"Type", "LATEST"}}}) {
    advance(seconds(5));
    EXPECT_EQ(subscribed(position)->frames().at(1).payload.at("ContinuationSequenceNumber"),
              number);
  }
}

TEST_F(SubscribeToShardTest, TheContinuationOfAnEmptyShardLeadsToItsFirstRecord) {
  const auto first = subscribed()->frames().at(1).payload.at("ContinuationSequenceNumber");
  put_number("a");
  EXPECT_THAT(read_from({{"Type", "AFTER_SEQUENCE_NUMBER"}, {"SequenceNumber", first}}),
              ElementsAre("a"));
}

TEST_F(SubscribeToShardTest, MembersOfThePositionMustGoTogether) {
  EXPECT_THAT(
      subscribe({{"Type", "AT_SEQUENCE_NUMBER"}}),
      RefusedAs("InvalidArgumentException", HasSubstr("Request specified AT_SEQUENCE_NUMBER and no "
                                                      "StartingSequenceNumber.")));
  EXPECT_THAT(subscribe({{"Type", "LATEST"}, {"SequenceNumber", put_number("a")}}),
              RefusedAs("InvalidArgumentException",
                        HasSubstr("Request specified LATEST and also a StartingSequenceNumber.")));
  EXPECT_THAT(subscribe({{"Type", "AT_TIMESTAMP"}}),
              RefusedAs("InvalidArgumentException", HasSubstr("Must specify timestampInMillis")));
  EXPECT_THAT(subscribe({{"Type", "AT_SEQUENCE_NUMBER"}, {"SequenceNumber", "49"}}),
              RefusedAs("InvalidArgumentException", HasSubstr("It encodes shardId-000000000049")));
}

TEST_F(SubscribeToShardTest, WhatItReadsMustExist) {
  EXPECT_THAT(subscribe({{"Type", "LATEST"}}, "shardId-7"),
              RefusedAs("ResourceNotFoundException",
                        "Shard shardId-000000000007 in stream s under account 123456789012 does "
                        "not exist"));
  EXPECT_THAT(subscribe({{"Type", "LATEST"}}, "shardId-x"),
              RefusedAs("ResourceNotFoundException",
                        "Could not find shard shardId-x in stream s under account 123456789012."));
  consumer_ = arn("s") + "/consumer/other:1";
  EXPECT_THAT(
      subscribe({{"Type", "LATEST"}}),
      RefusedAs("ResourceNotFoundException", "Consumer other, account 123456789012 not found."));
}

TEST_F(SubscribeToShardTest, AllMembersAreNeeded) {
  EXPECT_THAT(call("SubscribeToShard", Json::object()),
              RefusedAs("ValidationException", HasSubstr("3 validation errors detected")));
  EXPECT_THAT(subscribe(Json::object()),
              RefusedAs("ValidationException",
                        HasSubstr("Value null at 'startingPosition.type' failed to satisfy")));
}

TEST_F(SubscribeToShardTest, ASecondCallWithinFiveSecondsIsRefused) {
  const auto reader = subscribed();
  advance(milliseconds(4'999));
  EXPECT_THAT(subscribe({{"Type", "LATEST"}}),
              RefusedAs("ResourceInUseException",
                        "Another active subscription exists for this consumer: 123456789012:s:"
                        "shardId-000000000000:c"));
}

TEST_F(SubscribeToShardTest, ALaterCallTakesOver) {
  const auto first = subscribed();
  first->frames();
  advance(seconds(5));
  const auto second = subscribed();
  EXPECT_EQ(exception_of(*first),
            Json({"ResourceInUseException",
                  "Another active subscription exists for this consumer: 123456789012:s:"
                  "shardId-000000000000:c"}));
  put_number("a");
  EXPECT_THAT(data_of_events(*second), ElementsAre("a"));
}

TEST_F(SubscribeToShardTest, ConsumersDoNotDisturbEachOther) {
  const auto first = subscribed();
  consumer_ = enrolled("d");
  const auto second = subscribed();
  put_number("a");
  EXPECT_THAT(data_of_events(*first), ElementsAre("a"));
  EXPECT_THAT(data_of_events(*second), ElementsAre("a"));
}

TEST_F(SubscribeToShardTest, FiveMinutesAreTheLifeOfASubscription) {
  const auto reader = subscribed();
  reader->frames();
  advance(seconds(299));
  EXPECT_THAT(reader->frames(), SizeIs(1));  // a heartbeat
  EXPECT_FALSE(reader->ended());
  advance(seconds(1));
  EXPECT_THAT(reader->frames(), IsEmpty());
  EXPECT_TRUE(reader->ended());
}

// Consumers take an event with ChildShards and without ContinuationSequenceNumber for the end.
TEST_F(SubscribeToShardTest, TheEndOfTheShardNamesItsChildren) {
  put_number("a");
  const auto reader = subscribed();
  reader->frames();
  call("SplitShard",
       {{"StreamName", "s"}, {"ShardToSplit", kShard}, {"NewStartingHashKey", "1000"}});
  const auto frames = reader->frames();
  ASSERT_THAT(frames, SizeIs(1));
  EXPECT_TRUE(reader->ended());
  const auto& last = frames[0].payload;
  EXPECT_THAT(members_of(last), ElementsAre("ChildShards", "MillisBehindLatest", "Records"));
  ASSERT_THAT(last.at("ChildShards"), SizeIs(2));
  EXPECT_EQ(last.at("ChildShards").at(0),
            Json({{"ShardId", "shardId-000000000001"},
                  {"ParentShards", {kShard}},
                  {"HashKeyRange", {{"StartingHashKey", "0"}, {"EndingHashKey", "999"}}}}));
}

TEST_F(SubscribeToShardTest, ADeregisteredConsumerIsToldSo) {
  const auto reader = subscribed();
  reader->frames();
  call("DeregisterStreamConsumer", {{"ConsumerARN", consumer_}});
  EXPECT_EQ(exception_of(*reader),
            Json({"ResourceNotFoundException", "Consumer c, account 123456789012 not found."}));
}

TEST_F(SubscribeToShardTest, ADeletedStreamEndsIt) {
  const auto reader = subscribed();
  reader->frames();
  call("DeleteStream", {{"StreamName", "s"}, {"EnforceConsumerDeletion", true}});
  EXPECT_EQ(exception_of(*reader),
            Json({"ResourceNotFoundException", "Stream s under account 123456789012 not found."}));
}

TEST_F(SubscribeToShardTest, EncryptedRecordsAreMarked) {
  call("StartStreamEncryption",
       {{"StreamName", "s"}, {"EncryptionType", "KMS"}, {"KeyId", "alias/k"}});
  put_number("a");
  EXPECT_EQ(subscribed()->frames().at(1).payload.at("Records").at(0).at("EncryptionType"), "KMS");
}

TEST_F(SubscribeToShardTest, EventsAreJsonWhateverTheRequestWas) {
  put_number("a");
  auto request = request_of("SubscribeToShard", "");
  request.headers.at(0).second = "application/x-amz-cbor-1.1";
  const auto body = Json::to_cbor({{"ConsumerARN", consumer_},
                                   {"ShardId", kShard},
                                   {"StartingPosition", {{"Type", "TRIM_HORIZON"}}}});
  request.body.assign(body.begin(), body.end());
  const auto answer = send(request);
  ASSERT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.header("Content-Type"), "application/vnd.amazon.eventstream");
  EventReader reader(answer.stream);
  EXPECT_THAT(data_of_events(reader), ElementsAre("a"));
}

TEST_F(SubscribeToShardTest, ARefusedCallLeavesTheSubscriptionAsItIs) {
  const auto reader = subscribed();
  EXPECT_EQ(subscribe({{"Type", "LATEST"}}).status, 400);
  put_number("a");
  EXPECT_THAT(data_of_events(*reader), ElementsAre("a"));
}

class CreatingConsumerTest : public SubscribeToShardTest {
 protected:
  CreatingConsumerTest() : SubscribeToShardTest({.delays = {.consumer = seconds(5)}}) {}
};

TEST_F(CreatingConsumerTest, AConsumerThatIsNotActiveIsRefused) {
  EXPECT_THAT(subscribe({{"Type", "LATEST"}}),
              RefusedAs("ResourceInUseException",
                        "Consumer c with creation timestamp 1767225600 under stream: s , account "
                        "123456789012 is not in ACTIVE status."));
  advance(seconds(5));
  EXPECT_THAT(subscribe({{"Type", "LATEST"}}), Succeeded());
}

class LimitedSubscribeToShardTest : public SubscribeToShardTest {
 protected:
  LimitedSubscribeToShardTest() : SubscribeToShardTest({.throttle = {.enabled = true}}) {}
};

TEST_F(LimitedSubscribeToShardTest, OneCallASecondIsTaken) {
  subscribed();
  advance(milliseconds(4'500));
  EXPECT_EQ(subscribe({{"Type", "LATEST"}})["__type"], "ResourceInUseException");
  advance(milliseconds(900));
  EXPECT_THAT(subscribe({{"Type", "LATEST"}}),
              RefusedAs("LimitExceededException", HasSubstr("Rate exceeded for consumer c")));
  advance(seconds(1));
  EXPECT_THAT(subscribe({{"Type", "LATEST"}}), Succeeded());
}

}  // namespace
}  // namespace hydrant::kinesis
