// The front end: the order of its checks, its envelopes and its headers. Kinesis is the service
// behind it, for a request has to be for something.
#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr const char* kCborType = "application/x-amz-cbor-1.1";
constexpr const char* kTarget = "Kinesis_20131202.ListStreams";
constexpr const char* kUndetermined =
    "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
    "authorized</Message>\n</AccessDeniedException>\n";

class ProtocolTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;

  Answer post(const std::string& content_type, const std::string& target, const std::string& body) {
    RawRequest request{"POST", "/", {}, body};
    if (!content_type.empty()) request.headers.emplace_back("Content-Type", content_type);
    if (!target.empty()) request.headers.emplace_back("X-Amz-Target", target);
    return send(request);
  }
  // A CBOR envelope without a message: a map of indefinite length with one pair of texts. Lengths
  // below 24 stand in the head itself.
  static std::string cbor_type(const std::string& type) {
    const auto size = static_cast<char>(type.size());
    const auto head =
        size < 24 ? std::string(1, static_cast<char>(0x60 + size)) : "\x78" + std::string(1, size);
    return "\xBF\x66__type" + head + type + "\xFF";
  }
};

TEST_F(ProtocolTest, AnythingButPostIsRefusedInXml) {
  for (const std::string method : {"PUT", "DELETE", "HEAD", "OPTIONS", "get"}) {
    auto request = request_of("ListStreams", "{}");
    request.method = method;
    const auto answer = send(request);
    EXPECT_EQ(answer.status, 403) << method;
    EXPECT_EQ(answer.text, kUndetermined);
    EXPECT_EQ(answer.header("Content-Type"), "");
  }
}

TEST_F(ProtocolTest, AGetIsAnsweredByWhatItsTargetNames) {
  const auto get = [&](const std::string& target) {
    RawRequest request{"GET", "/whatever", {}, ""};
    if (!target.empty()) request.headers.emplace_back("X-Amz-Target", target);
    const auto answer = send(request);
    EXPECT_EQ(answer.header("Content-Type"), "");
    return std::to_string(answer.status) + " " + answer.text;
  };
  EXPECT_EQ(get(kTarget), "404 <UnknownOperationException/>\n");
  EXPECT_EQ(get("Kinesis_20131202.whatever"), "500 <InternalFailure/>\n");
  EXPECT_EQ(get("a<&>b.ListStreams"),
            "403 <UnrecognizedClientException>\n  <Message>No authorization strategy was found for "
            "service: a&lt;&amp;&gt;b, operation: ListStreams</Message>\n"
            "</UnrecognizedClientException>\n");
  EXPECT_EQ(get("whatever"), std::string("403 ") + kUndetermined);
  EXPECT_EQ(get(""), std::string("403 ") + kUndetermined);
}

TEST_F(ProtocolTest, AnEmptyBodyForAnUnknownOperationIsAnsweredInCbor) {
  const auto answer = post("", "", "");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("Content-Type"), kCborType);
  EXPECT_EQ(answer.text, cbor_type("UnknownOperationException"));
}

TEST_F(ProtocolTest, AnEmptyBodyForAKnownOperationIsUnreadable) {
  EXPECT_EQ(post("application/json", kTarget, "").text, cbor_type("SerializationException"));
}

TEST_F(ProtocolTest, AnEmptyBodyIsAnsweredInJsonIfThatWasTheType) {
  const auto answer = post(kJsonType, kTarget, "");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("Content-Type"), kJsonType);
  EXPECT_EQ(answer.text, R"({"__type":"SerializationException"})");
  EXPECT_EQ(post(kJsonType, "", "").text, R"({"__type":"UnknownOperationException"})");
}

TEST_F(ProtocolTest, AnotherContentTypeIsNoRequestOfTheService) {
  const auto known = post("text/plain", kTarget, "{}");
  EXPECT_EQ(known.status, 404);
  EXPECT_EQ(known.text, "<UnknownOperationException/>\n");
  EXPECT_EQ(known.header("Content-Type"), "");
  const auto unknown = post("text/plain", "Kinesis_20131202.Nothing", "{}");
  EXPECT_EQ(unknown.status, 403);
  EXPECT_EQ(unknown.text, kUndetermined);
}

TEST_F(ProtocolTest, AContentTypeIsCutAtItsParametersAndTrimmed) {
  EXPECT_EQ(post("  application/x-amz-json-1.1  ; charset=utf-8", kTarget, "{}").status, 200);
  EXPECT_EQ(post(std::string(kJsonType) + "x", kTarget, "{}").status, 404);
}

TEST_F(ProtocolTest, WhatIsNoMapIsUnreadableEvenIfTheOperationIsUnknown) {
  for (const std::string body : {"true", "null", "\"hello\"", "[1]", "1", "hello", " "}) {
    const auto answer = post(kJsonType, "", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.text, R"({"__type":"SerializationException"})") << body;
  }
}

TEST_F(ProtocolTest, AnUnknownOperationIsNamedAsSuch) {
  for (const std::string target :
       {"", "Whatever", "Whatever.ListStreams", "Kinesis_20131202.", "Kinesis_20131202.ListStream",
        "kinesis_20131202.ListStreams", "Kinesis_20131202.liststreams"})
    EXPECT_EQ(post(kJsonType, target, "{}").text, R"({"__type":"UnknownOperationException"})");
}

TEST_F(ProtocolTest, PlainJsonIsRecognisedAndReachesNothing) {
  const auto good = post("application/json", kTarget, "{}");
  EXPECT_EQ(good.status, 404);
  EXPECT_EQ(good.header("Content-Type"), "application/json");
  EXPECT_EQ(good.text,
            R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"})"
            R"(,"Version":"1.0"})");
  const auto bad = post("     application/json     ;", kTarget, "hello");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.text, R"({"Output":{"__type":"com.amazon.coral.service#SerializationException"},)"
                      R"("Version":"1.0"})");
}

TEST_F(ProtocolTest, TypesWinOverRules) {
  EXPECT_THAT(call("CreateStream", {{"StreamName", ""}, {"ShardCount", "x"}}),
              RefusedAs("SerializationException",
                        "class java.lang.String can not be converted to an Integer"));
}

TEST_F(ProtocolTest, TheEnvelopeOfAWrongTypeHasACapitalMessage) {
  EXPECT_EQ(call("ListStreams", {{"Limit", true}}).text,
            R"({"__type":"SerializationException","Message":"class java.lang.Boolean can not be )"
            R"(converted to an Integer"})");
}

TEST_F(ProtocolTest, TheEnvelopeOfAnErrorHasASmallOne) {
  EXPECT_EQ(call("DeleteStream", {{"StreamName", "s"}}).text,
            R"({"__type":"ResourceNotFoundException","message":"Stream s under account )"
            R"(123456789012 not found."})");
}

TEST_F(ProtocolTest, BrokenSyntaxBehindAWrongTypeIsWhatIsSaid) {
  EXPECT_EQ(send(request_of("ListStreams", R"({"Limit": true, "x": })")).text,
            R"({"__type":"SerializationException"})");
}

TEST_F(ProtocolTest, BrokenSyntaxBehindGoodMembersRunsNothing) {
  send(request_of("CreateStream", R"({"StreamName": "s", "ShardCount": 1} x)"));
  send(request_of("CreateStream", R"({"StreamName": "s", "ShardCount": 1, "x": [1})"));
  send(request_of("CreateStream", R"({"StreamName": "s", "ShardCount": 1)"));
  EXPECT_EQ(status("s"), "(none)");
}

TEST_F(ProtocolTest, UnknownMembersAreIgnored) {
  EXPECT_EQ(send(request_of("ListStreams", R"({"x": {"y": [1, {"z": "\u00e4"}, null]}})")).status,
            200);
}

TEST_F(ProtocolTest, NullIsAbsence) {
  EXPECT_THAT(call("ListStreams", {{"Limit", nullptr}}), Succeeded());
}

TEST_F(ProtocolTest, ThePathIsIgnored) {
  auto request = request_of("ListStreams", "{}");
  request.target = "/whatever?a=b";
  EXPECT_EQ(send(request).status, 200);
}

TEST_F(ProtocolTest, EveryReplyHasAnIdOfTheRequest) {
  const auto answer = call("ListStreams", Json::object());
  EXPECT_THAT(answer.header("x-amzn-RequestId"),
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(call("ListStreams", Json::object()).header("x-amzn-RequestId"),
            answer.header("x-amzn-RequestId"));
}

TEST_F(ProtocolTest, EveryReplyHasASecondIdOf72Bytes) {
  EXPECT_EQ(decoded(call("ListStreams", Json::object()).header("x-amz-id-2")).size(), 72U);
  EXPECT_EQ(decoded(post("", "", "").header("x-amz-id-2")).size(), 72U);
}

TEST_F(ProtocolTest, APreflightIsAnsweredForAnyOrigin) {
  const auto answer = send({"OPTIONS", "/", {{"Origin", "whatever"}}, ""});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(answer.header("Access-Control-Max-Age"), "172800");
  EXPECT_EQ(answer.header("Content-Type"), "");
  EXPECT_EQ(answer.header("x-amz-id-2"), "");
  EXPECT_NE(answer.header("x-amzn-RequestId"), "");
}

TEST_F(ProtocolTest, APreflightAllowsWhatItIsAskedFor) {
  const auto answer = send({"OPTIONS",
                            "/",
                            {{"Origin", "whatever"},
                             {"Access-Control-Request-Headers", "a, b, c"},
                             {"Access-Control-Request-Method", "d"}},
                            ""});
  EXPECT_EQ(answer.header("Access-Control-Allow-Headers"), "a, b, c");
  EXPECT_EQ(answer.header("Access-Control-Allow-Methods"), "d");
}

TEST_F(ProtocolTest, ARequestWithAnOriginMayReadTheIds) {
  auto request = request_of("ListStreams", "{}");
  request.headers.emplace_back("origin", "whatever");
  const auto answer = send(request);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(answer.header("Access-Control-Expose-Headers"),
            "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,"
            "Date");
}

TEST_F(ProtocolTest, ARequestWithoutAnOriginGetsNoSuchHeaders) {
  EXPECT_EQ(call("ListStreams", Json::object()).header("Access-Control-Allow-Origin"), "");
}

TEST_F(ProtocolTest, UnsignedRequestsAreTakenUnlessSignaturesAreRequired) {
  EXPECT_EQ(post(kJsonType, kTarget, "{}").status, 200);
}

TEST_F(ProtocolTest, ASameSeedGivesTheSameIds) {
  random.restart();
  const auto first = call("ListStreams", Json::object()).header("x-amzn-RequestId");
  random.restart();
  EXPECT_EQ(call("ListStreams", Json::object()).header("x-amzn-RequestId"), first);
}

class RequiredAuthTest : public ProtocolTest {
 protected:
  RequiredAuthTest() : ProtocolTest({.auth = aws::AuthMode::required}) {}

  Answer signed_with(const std::string& authorization, const std::string& target = "/",
                     const std::string& date = "20260101T000000Z") {
    auto request = request_of("ListStreams", "{}");
    request.target = target;
    if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
    if (!date.empty()) request.headers.emplace_back("X-Amz-Date", date);
    return send(request);
  }
};

TEST_F(RequiredAuthTest, AnUnsignedRequestLacksItsToken) {
  EXPECT_THAT(call("ListStreams", Json::object()),
              RefusedAs("MissingAuthenticationTokenException", "Missing Authentication Token"));
}

TEST_F(RequiredAuthTest, ACompleteSignatureIsTaken) {
  EXPECT_THAT(signed_with("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=h, Signature=s"),
              Succeeded());
}

TEST_F(RequiredAuthTest, WhatTheHeaderLacksIsListed) {
  EXPECT_THAT(signed_with("X", "/", ""),
              RefusedAs("IncompleteSignatureException",
                        "Authorization header requires 'Credential' parameter. Authorization "
                        "header requires 'Signature' parameter. Authorization header requires "
                        "'SignedHeaders' parameter. Authorization header requires existence of "
                        "either a 'X-Amz-Date' or a 'Date' header. Authorization=X"));
}

TEST_F(RequiredAuthTest, AnUnknownOperationIsNamedBeforeTheSignatureIsMissed) {
  EXPECT_EQ(post(kJsonType, "", "{}").text, R"({"__type":"UnknownOperationException"})");
}

TEST_F(RequiredAuthTest, ABrokenBodyIsNamedBeforeTheSignatureIsMissed) {
  EXPECT_EQ(post(kJsonType, kTarget, "{").text, R"({"__type":"SerializationException"})");
}

TEST_F(RequiredAuthTest, ASignatureIsMissedBeforeTypesAreLookedAt) {
  EXPECT_THAT(call("ListStreams", {{"Limit", true}}),
              RefusedAs("MissingAuthenticationTokenException", HasSubstr("Missing")));
}

}  // namespace
}  // namespace hydrant::kinesis
