#include "services/sts/service.h"
#include "support/query_test.h"

namespace hydrant::sts {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kCall = "Action=GetCallerIdentity&Version=2011-06-15";

struct WithService {
  Service service;
};
class GetCallerIdentityTest : private WithService, public aws::QueryTest {
 protected:
  explicit GetCallerIdentityTest(aws::AuthMode auth = aws::AuthMode::off)
      : QueryTest(service, auth) {}
};

TEST_F(GetCallerIdentityTest, TellsTheAccountOfTheSettings) {
  const auto reply = post(kCall);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.headers, HasSubstr("Content-Type: text/xml\r\n"));
  EXPECT_THAT(reply.body, StartsWith("<GetCallerIdentityResponse "
                                     "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
                                     "  <GetCallerIdentityResult>\n"
                                     "    <Arn>arn:aws:iam::123456789012:root</Arn>\n"
                                     "    <UserId>123456789012</UserId>\n"
                                     "    <Account>123456789012</Account>\n"
                                     "  </GetCallerIdentityResult>\n"
                                     "  <ResponseMetadata>\n"
                                     "    <RequestId>"));
}

TEST_F(GetCallerIdentityTest, TellsTheAccountOfTheCredentials) {
  const auto reply = post(kCall, {{"Authorization", authorization("999999999999", "sts")}});
  EXPECT_THAT(reply.body, HasSubstr("<Account>999999999999</Account>"));
}

TEST_F(GetCallerIdentityTest, AnUnknownActionIsNamed) {
  const auto reply = post("Action=Nothing&Version=2011-06-15");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("<Code>InvalidAction</Code>"));
  EXPECT_THAT(reply.body,
              HasSubstr("<Message>Could not find operation Nothing for version 2011-06-15"));
}

// Nothing says which service is meant.
TEST_F(GetCallerIdentityTest, AFormOfAnUnknownVersionIsNoServices) {
  EXPECT_EQ(post("Action=GetCallerIdentity&Version=1999-01-01").status, 403);
  EXPECT_EQ(post("nothing").status, 403);
}

class SignedCallerIdentityTest : public GetCallerIdentityTest {
 protected:
  SignedCallerIdentityTest() : GetCallerIdentityTest(aws::AuthMode::required) {}
};

TEST_F(SignedCallerIdentityTest, AMissingSignatureIsRefusedInXml) {
  const auto reply = post(kCall);
  EXPECT_EQ(reply.status, 403);
  EXPECT_THAT(reply.body, HasSubstr("<Code>MissingAuthenticationToken</Code>"));
  EXPECT_THAT(reply.body, HasSubstr("<Message>Request is missing Authentication Token</Message>"));
}

}  // namespace
}  // namespace hydrant::sts
