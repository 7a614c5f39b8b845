#include "aws/authentication.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace hydrant::aws {
namespace {

class AuthenticationTest : public testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  // Keeps what the request points to.
  const net::Request& request(std::string target, Headers headers) {
    target_ = std::move(target);
    headers_ = std::move(headers);
    request_.target = target_;
    request_.headers.clear();
    for (const auto& [name, value] : headers_) request_.headers.push_back({name, value});
    return request_;
  }
  std::string refusal(std::string target, Headers headers) {
    const auto error = missing_signature(request(std::move(target), std::move(headers)));
    return error ? error->code + ": " + error->message.value_or("") : "(taken)";
  }
  std::string scope(std::string target, Headers headers) {
    const auto found = credential_scope(request(std::move(target), std::move(headers)));
    return found ? std::string(found->access_key) + " in " + std::string(found->region) : "(none)";
  }

 private:
  std::string target_;
  Headers headers_;
  net::Request request_;
};

constexpr const char* kHeader =
    "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/kinesis/"
    "aws4_request, SignedHeaders=host;x-amz-date, Signature=abc";

TEST_F(AuthenticationTest, ACompleteHeaderIsTaken) {
  EXPECT_EQ(refusal("/", {{"Authorization", kHeader}, {"X-Amz-Date", "d"}}), "(taken)");
  EXPECT_EQ(refusal("/", {{"authorization", kHeader}, {"date", "d"}}), "(taken)");
}

TEST_F(AuthenticationTest, NoSignatureIsAMissingToken) {
  EXPECT_EQ(refusal("/", {}), "MissingAuthenticationTokenException: Missing Authentication Token");
}

TEST_F(AuthenticationTest, TheQueryIsLookedAtOnlyIfItNamesAnAlgorithm) {
  EXPECT_EQ(refusal("/?X-Amz-Credential=b&X-Amz-Signature=c", {}),
            "MissingAuthenticationTokenException: Missing Authentication Token");
}

TEST_F(AuthenticationTest, TwoSignaturesAreOneTooMany) {
  EXPECT_EQ(refusal("/?X-Amz-Algorithm", {{"Authorization", ""}}),
            "InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and "
            "'Authorization' as HTTP header.");
}

TEST_F(AuthenticationTest, AnEmptyHeaderLacksEverything) {
  EXPECT_EQ(refusal("/", {{"Authorization", ""}}),
            "IncompleteSignatureException: Authorization header requires 'Credential' parameter. "
            "Authorization header requires 'Signature' parameter. Authorization header requires "
            "'SignedHeaders' parameter. Authorization header requires existence of either a "
            "'X-Amz-Date' or a 'Date' header. Authorization=");
}

TEST_F(AuthenticationTest, PartsOfTheHeaderAreSplitAtCommasAndSpaces) {
  for (const std::string header :
       {"AWS4- Signature=b,Credential=a", "AWS4- Signature=b, Credential=a"})
    EXPECT_EQ(refusal("/", {{"Authorization", header}, {"Date", "a"}}),
              "IncompleteSignatureException: Authorization header requires 'SignedHeaders' "
              "parameter. Authorization=" +
                  header);
}

TEST_F(AuthenticationTest, AnEmptyPartIsMissing) {
  EXPECT_EQ(refusal("/", {{"Authorization", "A Credential=, SignedHeaders=b, Signature=c"},
                          {"Date", "a"}}),
            "IncompleteSignatureException: Authorization header requires 'Credential' parameter. "
            "Authorization=A Credential=, SignedHeaders=b, Signature=c");
}

TEST_F(AuthenticationTest, TheFirstWordIsTheAlgorithmAndNoPart) {
  EXPECT_EQ(
      refusal("/", {{"Authorization", "Credential=a SignedHeaders=b, Signature=c"}, {"Date", "a"}}),
      "IncompleteSignatureException: Authorization header requires 'Credential' parameter. "
      "Authorization=Credential=a SignedHeaders=b, Signature=c");
}

TEST_F(AuthenticationTest, WhatTheQueryLacksIsListed) {
  EXPECT_EQ(refusal("/?X-Amz-Algorithm", {}),
            "IncompleteSignatureException: AWS query-string parameters must include "
            "'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Credential'. AWS "
            "query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters "
            "must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include "
            "'X-Amz-Date'. Re-examine the query-string parameters.");
  EXPECT_EQ(refusal("/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-Date=d", {}),
            "IncompleteSignatureException: AWS query-string parameters must include "
            "'X-Amz-SignedHeaders'. Re-examine the query-string parameters.");
}

TEST_F(AuthenticationTest, ACompleteQueryIsTaken) {
  EXPECT_EQ(refusal("/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-Date=d&"
                    "X-Amz-SignedHeaders=e",
                    {}),
            "(taken)");
}

TEST_F(AuthenticationTest, AScopeIsReadFromTheHeader) {
  EXPECT_EQ(scope("/", {{"Authorization", kHeader}}), "AKID in us-east-1");
}

TEST_F(AuthenticationTest, AScopeIsReadFromTheQuery) {
  EXPECT_EQ(scope("/?X-Amz-Credential=AKID/20260101/eu-west-1/kinesis/aws4_request&x=y", {}),
            "AKID in eu-west-1");
  EXPECT_EQ(scope("/?X-Amz-Credential=AKID%2F20260101%2Feu-west-1%2fkinesis%2Faws4_request", {}),
            "AKID in eu-west-1");
}

TEST_F(AuthenticationTest, AnAccessKeyMayHoldSlashes) {
  EXPECT_EQ(scope("/", {{"Authorization", "A Credential=a/b/20260101/r/kinesis/aws4_request"}}),
            "a in r");
}

TEST_F(AuthenticationTest, AnIncompleteScopeIsNone) {
  EXPECT_EQ(scope("/", {{"Authorization", "A Credential=AKID/20260101/r"}}), "(none)");
  EXPECT_EQ(scope("/", {{"Authorization", "Bearer token"}}), "(none)");
  EXPECT_EQ(scope("/?X-Amz-Credential=", {}), "(none)");
  EXPECT_EQ(scope("/", {}), "(none)");
}

TEST_F(AuthenticationTest, TwelveDigitsAreAnAccount) {
  EXPECT_TRUE(is_account_id("123456789012"));
  for (const auto* text : {"", "12345678901", "1234567890123", "12345678901a", "AKIDEXAMPLE1"})
    EXPECT_FALSE(is_account_id(text)) << text;
}

}  // namespace
}  // namespace hydrant::aws
