// AWS publishes requests with the signature that is right for each; those of the vectors below are
// from there. Texts of refusals are those of the JSON services.
#include "aws/signature.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "aws/signature_date.h"

namespace hydrant::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kStamp = "20150830T123600Z";
constexpr const char* kScope = "20150830/us-east-1/service/aws4_request";

struct Sent {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

class SignatureTest : public testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  // The host and the date that every vector has, then `more`.
  static Sent sent(const std::string& target, const Headers& more = {}) {
    Sent request{"GET", target, {{"Host", "example.amazonaws.com"}}, ""};
    for (const auto& header : more) request.headers.push_back(header);
    request.headers.emplace_back("X-Amz-Date", kStamp);
    return request;
  }
  static Sent posted(const std::string& target, const Headers& more = {}) {
    auto request = sent(target, more);
    request.method = "POST";
    return request;
  }
  static std::string authorization(const std::string& signature,
                                   const std::string& signed_headers = "host;x-amz-date",
                                   const std::string& key = "AKIDEXAMPLE",
                                   const std::string& scope = kScope) {
    return "AWS4-HMAC-SHA256 Credential=" + key + "/" + scope +
           ", SignedHeaders=" + signed_headers + ", Signature=" + signature;
  }
  std::string judge(const Sent& request, const std::string& service = "service") const {
    net::Request view;
    view.method = request.method;
    view.target = request.target;
    for (const auto& [name, value] : request.headers) view.headers.push_back({name, value});
    view.body = request.body;
    const auto outcome = verifier.verify(view, service);
    if (outcome) return (*outcome)->access_key_id;
    return outcome.error().code + ": " + outcome.error().message.value_or("");
  }
  std::string judge(Sent request, const std::string& signature, const std::string& names) const {
    request.headers.emplace_back("Authorization", authorization(signature, names));
    return judge(request);
  }
  // A request that is right but for what a test changes.
  static Sent vanilla(const std::string& key = "AKIDEXAMPLE", const std::string& scope = kScope) {
    auto request = sent("/");
    request.headers.emplace_back("Authorization",
                                 authorization(kVanilla, "host;x-amz-date", key, scope));
    return request;
  }

  static constexpr const char* kVanilla =
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
  static constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  const TimePoint signed_at = *parse_signature_date(kStamp);
  TimePoint now = signed_at;
  const std::vector<Credential> credentials{
      {"AKIDEXAMPLE", kSecret, "", "", std::nullopt},
      {"ASIAEXAMPLE", kSecret, "token", "111122223333", std::nullopt},
      {"ASIAPAST", kSecret, "token", "", signed_at}};
  SignatureVerifier verifier{credentials, [this] { return now; }};
};

TEST_F(SignatureTest, ABodyThatWasUnpackedIsJudgedAsItWasSent) {
  net::Request view;
  const auto request = vanilla();
  view.method = request.method;
  view.target = request.target;
  for (const auto& [name, value] : request.headers) view.headers.push_back({name, value});
  view.body = "unpacked";
  EXPECT_FALSE(verifier.verify(view, "service"));
  view.packed_body = "";
  EXPECT_TRUE(verifier.verify(view, "service"));
}

struct Vector {
  const char* name;
  Sent request;
  const char* signed_headers;
  const char* signature;
};

class SignatureVectorTest : public SignatureTest {
 protected:
  static std::vector<Vector> vectors();
};

std::vector<Vector> SignatureVectorTest::vectors() {
  constexpr const char* kUsual = "host;x-amz-date";
  constexpr const char* kMine = "host;my-header1;x-amz-date";
  return {
      {"get-vanilla", sent("/"), kUsual, kVanilla},
      {"get-vanilla-query", sent("/"), kUsual, kVanilla},
      {"get-vanilla-query-order-key-case", sent("/?Param2=value2&Param1=value1"), kUsual,
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-vanilla-query-unreserved",
       sent("/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
            "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
       kUsual, "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
      {"get-vanilla-utf8-query", sent("/?\xE1\x88\xB4=bar"), kUsual,
       "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
      {"get-unreserved",
       sent("/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), kUsual,
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-utf8", sent("/\xE1\x88\xB4"), kUsual,
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"get-space", sent("/example space/"), kUsual,
       "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
      {"get-relative", sent("/example/.."), kUsual, kVanilla},
      {"get-relative-relative", sent("/example1/example2/../.."), kUsual, kVanilla},
      {"get-slash", sent("//"), kUsual, kVanilla},
      {"get-slash-dot-slash", sent("/./"), kUsual, kVanilla},
      {"get-slash-pointless-dot", sent("/./example"), kUsual,
       "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
      {"get-slashes", sent("//example//"), kUsual,
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
      {"get-header-key-duplicate",
       sent("/", {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}}),
       kMine, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"get-header-value-order",
       sent("/", {{"My-Header1", "value4"},
                  {"My-Header1", "value1"},
                  {"My-Header1", "value3"},
                  {"My-Header1", "value2"}}),
       kMine, "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
      {"get-header-value-trim",
       sent("/", {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}),
       "host;my-header1;my-header2;x-amz-date",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"post-vanilla", posted("/"), kUsual,
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-header-key-sort", posted("/", {{"My-Header1", "value1"}}), kMine,
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
  };
}

TEST_F(SignatureVectorTest, PublishedSignaturesAreRight) {
  for (const auto& vector : vectors())
    EXPECT_EQ(judge(vector.request, vector.signature, vector.signed_headers), "AKIDEXAMPLE")
        << vector.name;
}

TEST_F(SignatureVectorTest, PublishedSignaturesAreWrongForAnotherMethod) {
  for (auto& vector : vectors()) {
    vector.request.method = "PUT";
    EXPECT_THAT(judge(vector.request, vector.signature, vector.signed_headers),
                StartsWith("InvalidSignatureException: The request signature we calculated"))
        << vector.name;
  }
}

TEST_F(SignatureTest, TheBodyIsSigned) {
  auto request = posted("/", {{"Content-Type", "application/x-www-form-urlencoded"}});
  request.body = "Param1=value1";
  constexpr const char* kNames = "content-type;host;x-amz-date";
  constexpr const char* kRight = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
  EXPECT_EQ(judge(request, kRight, kNames), "AKIDEXAMPLE");
  request.body = "Param1=value2";
  EXPECT_THAT(judge(request, kRight, kNames), StartsWith("InvalidSignatureException: The request"));
}

TEST_F(SignatureTest, AWrongSignatureIsToldWhatWasToBeSigned) {
  EXPECT_EQ(
      judge(sent("/?b=2&a=1"), std::string(64, '0'), "host;x-amz-date"),
      "InvalidSignatureException: The request signature we calculated does not match the signature "
      "you provided. Check your AWS Secret Access Key and signing method. Consult the service "
      "documentation for details.\n\nThe Canonical String for this request should have been\n"
      "'GET\n/\na=1&b=2\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
      "host;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\n\n"
      "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20150830T123600Z\n"
      "20150830/us-east-1/service/aws4_request\n"
      "e78855bd28c09a0110b4809df2b06f9fb006a2cbf87c2db834ec52480d69a919'\n");
}

TEST_F(SignatureTest, AShorterSignatureIsWrongToo) {
  EXPECT_THAT(judge(sent("/"), std::string(kVanilla).substr(0, 63), "host;x-amz-date"),
              StartsWith("InvalidSignatureException: The request"));
}

TEST_F(SignatureTest, AnUnsignedPayloadIsSignedAsSuch) {
  auto request = sent("/", {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}});
  request.body = "anything";
  EXPECT_THAT(judge(request, "0", "host;x-amz-date"), HasSubstr("x-amz-date\nUNSIGNED-PAYLOAD'"));
}

TEST_F(SignatureTest, TheHashThatTheClientClaimsIsNotBelieved) {
  auto request = sent("/", {{"x-amz-content-sha256", std::string(64, 'a')}});
  EXPECT_THAT(judge(request, "0", "host;x-amz-date"), HasSubstr("x-amz-date\ne3b0c44298fc1c14"));
}

TEST_F(SignatureTest, AnEscapedPathIsEncodedOnceMore) {
  EXPECT_THAT(judge(sent("/a%20b"), "0", "host"), HasSubstr("'GET\n/a%2520b\n"));
}

TEST_F(SignatureTest, AQueryHasOneForm) {
  EXPECT_THAT(judge(sent("/?b=%7e%2f+&a&&a=%C3%A4"), "0", "host"),
              HasSubstr("\n/\na=&a=%C3%A4&b=~%2F%20\n"));
}

TEST_F(SignatureTest, HeadersAreSortedAndFoldedWhateverTheirCase) {
  EXPECT_THAT(judge(sent("/", {{"B", "  x \t y "}, {"A", ""}}), "0", "Host;b;A;c"),
              HasSubstr("\na:\nb:x y\nc:\nhost:example.amazonaws.com\n\na;b;c;host\n"));
}

TEST_F(SignatureTest, ASignatureLivesFiveMinutes) {
  now = signed_at + minutes(5);
  EXPECT_EQ(judge(vanilla()), "AKIDEXAMPLE");
  now += seconds(1);
  EXPECT_EQ(judge(vanilla()),
            "InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier than "
            "20150830T123601Z (20150830T124101Z - 5 min.)");
}

TEST_F(SignatureTest, AClockMayBeFiveMinutesAhead) {
  now = signed_at - minutes(5);
  EXPECT_EQ(judge(vanilla()), "AKIDEXAMPLE");
  now -= seconds(1);
  EXPECT_EQ(judge(vanilla()),
            "InvalidSignatureException: Signature not yet current: 20150830T123600Z is still later "
            "than 20150830T123559Z (20150830T123059Z + 5 min.)");
}

TEST_F(SignatureTest, TheDateHeaderOfHttpServesToo) {
  Sent request{"GET", "/", {{"Host", "h"}, {"Date", "Sun, 30 Aug 2015 12:36:00 GMT"}}, ""};
  EXPECT_THAT(judge(request, "0", "host"), HasSubstr("'AWS4-HMAC-SHA256\n20150830T123600Z\n"));
}

TEST_F(SignatureTest, ADateMustBeOne) {
  for (const std::string date : {"20150830", "2015-08-30T12:36:00Z", "20151330T123600Z",
                                 "20150830T243600Z", "x0150830T123600Z", "20150830T12360 Z"}) {
    Sent request{"GET", "/", {{"Host", "h"}, {"X-Amz-Date", date}}, ""};
    EXPECT_EQ(judge(request, "0", "host"),
              "IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got '" +
                  date + "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
}

TEST_F(SignatureTest, TheHostIsSigned) {
  EXPECT_EQ(judge(sent("/"), "0", "x-amz-date"),
            "InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS "
            "Authorization.");
}

TEST_F(SignatureTest, ThereIsOneAlgorithm) {
  auto request = sent("/");
  request.headers.emplace_back("Authorization", "AWS4-HMAC-SHA1" + authorization("0").substr(16));
  EXPECT_EQ(judge(request),
            "IncompleteSignatureException: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only "
            "AWS4-HMAC-SHA256 for now). ");
}

TEST_F(SignatureTest, ACredentialHasFiveParts) {
  for (const std::string scope : {"b/c/d", "b/c/d/e/f", "", "b"})
    EXPECT_EQ(judge(vanilla("a", scope)),
              "IncompleteSignatureException: Credential must have exactly 5 slash-delimited "
              "elements, e.g. keyid/date/region/service/term, got 'a/" +
                  scope + "'");
  EXPECT_EQ(judge(vanilla("AKIDEXAMPLE", std::string(kScope) + "//")), "AKIDEXAMPLE");
}

TEST_F(SignatureTest, EachWrongPartOfTheScopeIsNamed) {
  EXPECT_EQ(judge(vanilla("a", "b/C/d/e")),
            "InvalidSignatureException: Credential should be scoped to a valid region, not 'C'. "
            "Credential should be scoped to correct service: 'service'. Credential should be "
            "scoped with a valid terminator: 'aws4_request', not 'e'. Date in Credential scope "
            "does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20150830', "
            "from '20150830T123600Z'.");
  EXPECT_EQ(judge(vanilla(), "kinesis"),
            "InvalidSignatureException: Credential should be scoped to correct service: "
            "'kinesis'.");
}

TEST_F(SignatureTest, AnUnknownKeyIsNotRecognized) {
  EXPECT_EQ(judge(vanilla("AKIDOTHER")),
            "UnrecognizedClientException: The security token included in the request is invalid.");
}

TEST_F(SignatureTest, ATokenMustBeThatOfTheKey) {
  constexpr const char* kRefusal =
      "UnrecognizedClientException: The security token included in the request is invalid.";
  EXPECT_EQ(judge(vanilla("ASIAEXAMPLE")), kRefusal);
  auto with_token = vanilla("ASIAEXAMPLE");
  with_token.headers.emplace_back("X-Amz-Security-Token", "other");
  EXPECT_EQ(judge(with_token), kRefusal);
  with_token.headers.back().second = "token";
  EXPECT_EQ(judge(with_token), "ASIAEXAMPLE");
  auto without_need = vanilla();
  without_need.headers.emplace_back("X-Amz-Security-Token", "token");
  EXPECT_EQ(judge(without_need), kRefusal);
}

TEST_F(SignatureTest, ATemporaryKeyExpires) {
  auto request = vanilla("ASIAPAST");
  request.headers.emplace_back("X-Amz-Security-Token", "token");
  EXPECT_EQ(judge(request),
            "ExpiredTokenException: The security token included in the request is expired");
  now -= seconds(1);
  EXPECT_EQ(judge(request), "ASIAPAST");
}

class SignedQueryTest : public SignatureTest {
 protected:
  static Sent query(const std::string& more, const std::string& signature = "0") {
    return {"GET",
            "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-"
            "1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host" +
                more + "&X-Amz-Signature=" + signature,
            {{"Host", "example.amazonaws.com"}},
            ""};
  }
};

TEST_F(SignedQueryTest, TheSignatureIsNoPartOfWhatIsSigned) {
  EXPECT_THAT(judge(query("&a=1")),
              HasSubstr("&X-Amz-SignedHeaders=host&a=1\nhost:example.amazonaws.com\n\nhost\n"));
}

TEST_F(SignedQueryTest, AQuerySaysItselfHowLongItLives) {
  now = signed_at + minutes(60);
  EXPECT_THAT(judge(query("&X-Amz-Expires=3600")),
              StartsWith("InvalidSignatureException: The req"));
  now += seconds(1);
  EXPECT_EQ(judge(query("&X-Amz-Expires=3600")),
            "InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier than "
            "20150830T123601Z (20150830T133601Z - 60 min.)");
  EXPECT_THAT(judge(query("&X-Amz-Expires=90")), HasSubstr("(20150830T133601Z - 90 sec.)"));
  EXPECT_THAT(judge(query("")), HasSubstr(" - 5 min.)"));
}

TEST_F(SignedQueryTest, ALifeIsANumberOfSecondsUpToAWeek) {
  EXPECT_EQ(judge(query("&X-Amz-Expires=1h")),
            "IncompleteSignatureException: X-Amz-Expires should be a number");
  EXPECT_EQ(judge(query("&X-Amz-Expires=-1")),
            "IncompleteSignatureException: X-Amz-Expires must be non-negative");
  EXPECT_THAT(judge(query("&X-Amz-Expires=604801")), HasSubstr("must be less than a week"));
  EXPECT_THAT(judge(query("&X-Amz-Expires=604800")), HasSubstr("we calculated"));
}

TEST(SignatureDateTest, BothFormsAreTheSameTime) {
  EXPECT_EQ(parse_signature_date("20240229T235959Z"),
            parse_signature_date("Thu, 29 Feb 2024 23:59:59 GMT"));
  EXPECT_EQ(format_basic(*parse_signature_date("20240229T235959Z")), "20240229T235959Z");
  EXPECT_EQ(parse_signature_date("20230229T000000Z"), std::nullopt);
  EXPECT_EQ(parse_signature_date("Thu, 29 Foo 2024 23:59:59 GMT"), std::nullopt);
}

}  // namespace
}  // namespace hydrant::aws
