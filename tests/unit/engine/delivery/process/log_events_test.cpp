// What CloudWatch Logs sends, and what is none of it.
#include "engine/delivery/process/log_events.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/delivery/format/compress.h"

namespace hydrant::delivery {
namespace {

using namespace std::string_literals;

constexpr std::size_t kMax = 1'000'000;

std::string gzipped(std::string_view bytes) {
  return std::string(compress(Compression::gzip, bytes, "").view());
}

// "-" if it is refused.
std::string gunzipped(std::string_view bytes, std::size_t bytes_max = kMax) {
  const auto result = gunzip(bytes, bytes_max);
  return result ? std::string(result->view()) : "-";
}

struct Lines {
  SubscriptionMessage message;
  std::string text;
};
Lines lines_of(std::string_view json) {
  Payload lines;
  lines.append("before\n");
  const auto message = append_log_lines(json, lines);
  return {message, std::string(lines.view().substr(7))};
}

void expect_malformed(std::string_view json) {
  const auto lines = lines_of(json);
  EXPECT_EQ(lines.message, SubscriptionMessage::malformed) << json;
  EXPECT_EQ(lines.text, "") << json;
}

TEST(GunzipTest, GivesBackWhatWasCompressed) {
  for (const std::size_t size : {0u, 1u, 1000u, 1024u, 1025u, 500'000u}) {
    std::string bytes;
    while (bytes.size() < size) bytes += std::to_string(bytes.size() * 7919 % 1009);
    bytes.resize(size);
    EXPECT_EQ(gunzipped(gzipped(bytes)), bytes);
  }
}

TEST(GunzipTest, JoinsMembers) {
  const std::string many(5000, 'a');
  EXPECT_EQ(gunzipped(gzipped(many) + gzipped("") + gzipped("b")), many + "b");
}

TEST(GunzipTest, RefusesWhatIsNoGzip) {
  for (const auto& bytes : {""s, "x"s, "plain text, and a long one at that"s, "\x1f\x8b"s})
    EXPECT_EQ(gunzipped(bytes), "-") << bytes;
}

TEST(GunzipTest, RefusesWhatFollowsTheLastMember) {
  EXPECT_EQ(gunzipped(gzipped("abc") + "x"), "-");
  EXPECT_EQ(gunzipped(gzipped("abc") + std::string(20, '\0')), "-");
}

TEST(GunzipTest, RefusesEveryTruncationAndEveryWrongByteOfTheChecksum) {
  const auto good = gzipped("some text, some text");
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_EQ(gunzipped(good.substr(0, size)), "-") << size;
  for (std::size_t i = good.size() - 8; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_EQ(gunzipped(bad), "-") << i;
  }
}

TEST(GunzipTest, TakesAsMuchAsItMay) {
  const auto bytes = gzipped(std::string(5000, 'a'));
  EXPECT_EQ(gunzipped(bytes, 5000).size(), 5000u);
  EXPECT_EQ(gunzipped(bytes, 4999), "-");
  EXPECT_EQ(gunzipped(gzipped(""), 0), "");
  EXPECT_EQ(gunzipped(bytes + bytes, 9999), "-");
}

TEST(GunzipTest, ABombDoesNotGoOff) {
  const auto bomb = gzipped(std::string(50'000'000, '\0'));
  ASSERT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(gunzipped(bomb), "-");
}

// Its footer says that it holds a byte, so that the room for it must grow.
TEST(GunzipTest, BelievesNoFooter) {
  const auto bytes = std::string(100'000, 'a');
  EXPECT_EQ(gunzipped(gzipped(bytes) + gzipped("b")), bytes + "b");
}

TEST(LogLinesTest, AreTheMessagesOfADataMessage) {
  const auto lines = lines_of(
      R"({"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"g","logStream":"s",)"
      R"("subscriptionFilters":["f"],"logEvents":[)"
      R"({"id":"1","timestamp":1510109208016,"message":"first"},)"
      R"({"id":"2","timestamp":1510109208017,"message":"a \"quoted\"\t\u00e9 one\n"},)"
      R"({"id":"3","timestamp":1510109208017,"message":""}]})");
  EXPECT_EQ(lines.message, SubscriptionMessage::data);
  EXPECT_EQ(lines.text, "first\na \"quoted\"\té one\n\n\n");
}

// As the parser of the service does: an application may log what it cut in two.
TEST(LogLinesTest, HalfASurrogatePairIsReplaced) {
  const auto lines = lines_of(R"({"messageType":"DATA_MESSAGE","logEvents":[)"
                              R"({"id":"1","timestamp":1,"message":"a\ud83d b"}]})");
  EXPECT_EQ(lines.message, SubscriptionMessage::data);
  EXPECT_EQ(lines.text, "a\xef\xbf\xbd b\n");
}

TEST(LogLinesTest, ADataMessageMayHoldNoEvents) {
  const auto lines = lines_of(R"({"messageType":"DATA_MESSAGE","logEvents":[]})");
  EXPECT_EQ(lines.message, SubscriptionMessage::data);
  EXPECT_EQ(lines.text, "");
}

TEST(LogLinesTest, AControlMessageHasNone) {
  const auto lines = lines_of(
      R"({"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"",)"
      R"("subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1510109208016,)"
      R"("message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]})");
  EXPECT_EQ(lines.message, SubscriptionMessage::control);
  EXPECT_EQ(lines.text, "");
}

TEST(LogLinesTest, AnythingElseIsMalformed) {
  for (const auto* json :
       {"", "x", "{}", "[]", "1", "null", R"({"messageType":"OTHER","logEvents":[]})",
        R"({"messageType":1,"logEvents":[]})", R"({"logEvents":[{"message":"m"}]})",
        R"({"messageType":"DATA_MESSAGE"})", R"({"messageType":"DATA_MESSAGE","logEvents":{}})",
        R"({"messageType":"DATA_MESSAGE","logEvents":[1]})",
        R"({"messageType":"DATA_MESSAGE","logEvents":[{"message":"m"},{"message":1}]})",
        R"({"messageType":"DATA_MESSAGE","logEvents":[{"message":"m"},{}]})",
        R"({"messageType":"DATA_MESSAGE","logEvents":[]}x)",
        R"({"messageType":"DATA_MESSAGE","logEvents":[])"})
    expect_malformed(json);
  expect_malformed(std::string(1'000'000, '['));
  expect_malformed("{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":\"\xff\"}]}");
}

}  // namespace
}  // namespace hydrant::delivery
