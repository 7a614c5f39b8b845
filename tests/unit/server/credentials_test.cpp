#include "server/credentials.h"

#include <gmock/gmock.h>

#include "core/clock.h"

namespace hydrant::server {
namespace {

class CredentialsTest : public testing::Test {
 protected:
  std::string refusal(const char* list) {
    return read_credentials(nlohmann::json::parse(list), credentials).value_or("(accepted)");
  }
  std::vector<AccessKey> credentials;
};

TEST_F(CredentialsTest, AKeyHasAnIdAndASecret) {
  EXPECT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": "s"}])"), "(accepted)");
  ASSERT_EQ(credentials.size(), 1U);
  EXPECT_EQ(credentials[0].id, "A");
  EXPECT_EQ(credentials[0].secret, "s");
  EXPECT_EQ(credentials[0].session_token, "");
  EXPECT_EQ(credentials[0].account, "");
  EXPECT_FALSE(credentials[0].expiration.has_value());
}

TEST_F(CredentialsTest, ATemporaryKeyHasATokenAndAnEnd) {
  EXPECT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": "s", "sessionToken": "t",
                         "account": "123456789012", "expiration": "2026-01-01T00:00:00Z"}])"),
            "(accepted)");
  TimePoint end;
  ASSERT_TRUE(parse_utc("2026-01-01T00:00:00Z", end));
  EXPECT_EQ(credentials.at(0).session_token, "t");
  EXPECT_EQ(credentials.at(0).account, "123456789012");
  EXPECT_EQ(credentials.at(0).expiration, end);
}

TEST_F(CredentialsTest, MistakesAreNamedWithTheirPlaceAndWithoutSecrets) {
  EXPECT_EQ(refusal(R"({"A": "s"})"), ": expected a list of objects");
  EXPECT_EQ(refusal(R"(["A:s"])"), "[0]: expected an object");
  EXPECT_EQ(refusal(R"([{"secretAccessKey": "s"}])"),
            "[0].accessKeyId: expected a string, got nothing");
  EXPECT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": 12345}])"),
            "[0].secretAccessKey: expected a string that is not empty");
  EXPECT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": "s", "account": "1"}])"),
            "[0].account: expected 12 digits");
  EXPECT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": "s", "expiration": "soon"}])"),
            "[0].expiration: expected a time such as 2026-01-01T00:00:00Z");
  EXPECT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": "s", "acount": "s"}])"),
            "[0].acount: unknown key; did you mean account?");
  EXPECT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": "s"},
                        {"accessKeyId": "A", "secretAccessKey": "t"}])"),
            "[1].accessKeyId: is that of an earlier one");
}

TEST_F(CredentialsTest, WhatIsWrongReplacesNothing) {
  ASSERT_EQ(refusal(R"([{"accessKeyId": "A", "secretAccessKey": "s"}])"), "(accepted)");
  EXPECT_NE(refusal(R"([{"accessKeyId": "B", "secretAccessKey": "s"}, {}])"), "(accepted)");
  EXPECT_EQ(credentials.at(0).id, "A");
}

TEST_F(CredentialsTest, AFlagHoldsPairs) {
  const auto read = parse_credentials("A:s:1,B:t");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->at(0).secret, "s:1");
  EXPECT_EQ(read->at(1).id, "B");
  for (const auto* wrong : {"", "A", "A:", ":s", "A:s,", "A:s,A:t"})
    EXPECT_FALSE(parse_credentials(wrong).has_value()) << wrong;
  EXPECT_EQ(repeated_id("A:s,B:t,B:u"), "B");
  EXPECT_EQ(repeated_id("A:s,B:s"), "");
}

}  // namespace
}  // namespace hydrant::server
