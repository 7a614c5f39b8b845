// The front end with requests in CBOR, which is what the Java SDKs send. An independent codec
// writes the requests and reads the replies.
#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using namespace std::string_literals;

class CborTest : public KinesisTest {
 protected:
  static constexpr const char* kCborType = "application/x-amz-cbor-1.1";

  // Exactly these bytes. The body of the answer is decoded; its timestamps are the numbers behind
  // tag 1, which the library does not know.
  Answer send_bytes(const std::string& operation, std::string body) {
    auto request = request_of(operation, std::move(body));
    request.headers.at(0).second = kCborType;
    auto answer = send(request);
    EXPECT_EQ(answer.header("Content-Type"), kCborType);
    auto untagged = answer.text;
    for (auto at = untagged.find("\xC1\x1B"); at != std::string::npos;
         at = untagged.find("\xC1\x1B"))
      untagged.erase(at, 1);
    answer.body = untagged.empty() ? Json() : Json::from_cbor(untagged);
    return answer;
  }
  Answer call_in_cbor(const std::string& operation, const Json& input) {
    const auto body = Json::to_cbor(input);
    return send_bytes(operation, {body.begin(), body.end()});
  }
  static Json blob(std::string_view bytes) { return Json::binary({bytes.begin(), bytes.end()}); }
  std::string iterator_in_cbor(const std::string& stream) {
    const auto answer = call_in_cbor(
        "GetShardIterator",
        {{"StreamName", stream}, {"ShardId", "0"}, {"ShardIteratorType", "TRIM_HORIZON"}});
    EXPECT_THAT(answer, Succeeded());
    return answer["ShardIterator"].get<std::string>();
  }
};

TEST_F(CborTest, WhatIsPutIsRead) {
  EXPECT_THAT(call_in_cbor("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}}), Succeeded());
  const auto put = call_in_cbor(
      "PutRecord", {{"StreamName", "s"}, {"PartitionKey", "k"}, {"Data", blob("\x00\xFF"s)}});
  ASSERT_THAT(put, Succeeded());
  EXPECT_EQ(put["ShardId"], "shardId-000000000000");
  const auto read = call_in_cbor("GetRecords", {{"ShardIterator", iterator_in_cbor("s")}});
  ASSERT_THAT(read, Succeeded());
  EXPECT_EQ(read["Records"].at(0).at("Data"), blob("\x00\xFF"s));
  EXPECT_EQ(read["Records"].at(0).at("SequenceNumber"), put["SequenceNumber"]);
  EXPECT_EQ(read["Records"].at(0).at("ApproximateArrivalTimestamp"), kStartSecond * 1000);
}

TEST_F(CborTest, ABatchIsTakenAsInJson) {
  create_stream("s", 1);
  const auto put =
      call_in_cbor("PutRecords",
                   {{"StreamName", "s"},
                    {"Records",
                     {{{"PartitionKey", "a"}, {"Data", blob("one")}},
                      {{"PartitionKey", "b"}, {"Data", blob("")}, {"ExplicitHashKey", nullptr}}}}});
  ASSERT_THAT(put, Succeeded());
  EXPECT_EQ(put["FailedRecordCount"], 0);
  EXPECT_THAT(drain("s", "0"), ElementsAre("one", ""));
}

TEST_F(CborTest, ATimestampIsReadAsMilliseconds) {
  create_stream("s", 1);
  put("s", record("early", "k"));
  advance(seconds(2));
  put("s", record("late", "k"));
  // {"StreamName": "s", "ShardId": "0", "ShardIteratorType": "AT_TIMESTAMP", "Timestamp": 1(ms)}
  const std::string body =
      "\xBF\x6AStreamName\x61s\x67ShardId\x61\x30\x71ShardIteratorType\x6C"
      "AT_TIMESTAMP\x69Timestamp\xC1\x1B\x00\x00\x01\x9B\x76\xDA\xAB\xE8\xFF"s;
  const auto answer = send_bytes("GetShardIterator", body);
  ASSERT_THAT(answer, Succeeded());
  EXPECT_THAT(data_of(read(answer["ShardIterator"].get<std::string>())), ElementsAre("late"));
}

TEST_F(CborTest, WhatHasNoOutputAnswersNothing) {
  create_stream("s", 1);
  const auto answer = call_in_cbor("DeleteStream", {{"StreamName", "s"}});
  EXPECT_THAT(answer, Succeeded());
  EXPECT_EQ(answer.text, "");
}

TEST_F(CborTest, RefusalsAreInCborToo) {
  const auto missing = call_in_cbor("DescribeStream", {{"StreamName", "s"}});
  EXPECT_THAT(missing, RefusedAs("ResourceNotFoundException",
                                 "Stream s under account 123456789012 not found."));
  EXPECT_THAT(call_in_cbor("DescribeStream", {{"StreamName", 1}}),
              RefusedAs("SerializationException",
                        "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be "
                        "converted to an String"));
  EXPECT_THAT(call_in_cbor("ListStreams", {{"Limit", 0}}),
              RefusedAs("ValidationException", testing::HasSubstr("at 'limit' failed")));
  EXPECT_EQ(call_in_cbor("Nothing", Json::object()).body,
            Json({{"__type", "UnknownOperationException"}}));
}

TEST_F(CborTest, BrokenSyntaxBehindAWrongTypeIsWhatIsSaid) {
  const Json unreadable = {{"__type", "SerializationException"}};
  EXPECT_EQ(send_bytes("ListStreams", "\xA2\x65Limit\xF5\x61x\x1C").body, unreadable);
  EXPECT_EQ(send_bytes("ListStreams", "\xA0\xA0").body, unreadable);
  EXPECT_EQ(send_bytes("ListStreams", "\x80").body, unreadable);
  EXPECT_EQ(send_bytes("Nothing", "{}").body, unreadable);
}

TEST_F(CborTest, BrokenSyntaxBehindGoodMembersRunsNothing) {
  send_bytes("CreateStream", "\xA2\x6AStreamName\x61s\x6AShardCount\x01\x00"s);
  EXPECT_EQ(status("s"), "(none)");
}

}  // namespace
}  // namespace hydrant::kinesis
