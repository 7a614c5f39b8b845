#include <libdeflate.h>

#include "services/cloudwatch/service.h"
#include "support/query_test.h"

namespace hydrant::cloudwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kForm =
    "Action=PutMetricData&Version=2010-08-01&Namespace=KinesisProducerLibrary"
    "&MetricData.member.1.MetricName=UserRecordsPut&MetricData.member.1.Value=3"
    "&MetricData.member.2.MetricName=AllErrors&MetricData.member.2.Value=0";

struct WithService {
  Sink sink;
  Service service{sink};
};
class PutMetricDataTest : protected WithService, public aws::QueryTest {
 protected:
  PutMetricDataTest() : QueryTest(service) {}

  static std::string gzip(std::string_view bytes) {
    auto* compressor = libdeflate_alloc_compressor(6);
    std::string packed(libdeflate_gzip_compress_bound(compressor, bytes.size()), '\0');
    packed.resize(libdeflate_gzip_compress(compressor, bytes.data(), bytes.size(), packed.data(),
                                           packed.size()));
    libdeflate_free_compressor(compressor);
    return packed;
  }
};

TEST_F(PutMetricDataTest, DataAreCountedByNamespace) {
  const auto reply = post(kForm);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("<PutMetricDataResponse xmlns=\"http://monitoring.amazonaws.com"
                                    "/doc/2010-08-01/\">\n  <ResponseMetadata>\n"));
  EXPECT_THAT(sink.counts(), ElementsAre(Pair("KinesisProducerLibrary", 2)));
}

// SDKs pack what is longer than ten kilobytes.
TEST_F(PutMetricDataTest, AGzippedFormIsRead) {
  EXPECT_EQ(post(gzip(kForm), {{"Content-Encoding", "gzip"}}).status, 200);
  EXPECT_THAT(sink.counts(), ElementsAre(Pair("KinesisProducerLibrary", 2)));
}

TEST_F(PutMetricDataTest, AGzippedFormThatIsCutShortIsRefused) {
  const auto packed = gzip(kForm);
  const auto reply = post(packed.substr(0, packed.size() / 2), {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(reply.status, 403);
  EXPECT_THAT(sink.counts(), IsEmpty());
}

TEST_F(PutMetricDataTest, JsonIsTakenToo) {
  const auto reply = send("/",
                          {{"Content-Type", "application/x-amz-json-1.0"},
                           {"X-Amz-Target", "GraniteServiceVersion20100801.PutMetricData"}},
                          R"({"Namespace":"n","MetricData":[{"MetricName":"m","Value":1.5}]})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.headers, HasSubstr("Content-Type: application/x-amz-json-1.0\r\n"));
  EXPECT_THAT(sink.counts(), ElementsAre(Pair("n", 1)));
}

// {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1.5}]}
TEST_F(PutMetricDataTest, CborByTheNewerProtocolIsTakenToo) {
  using namespace std::string_literals;
  const auto body =
      "\xa2\x69Namespace\x61n\x6aMetricData\x81\xa2\x6aMetricName\x61m\x65Value\xf9\x3e\x00"s;
  const auto reply =
      send("/service/GraniteServiceVersion20100801/operation/PutMetricData",
           {{"Content-Type", "application/cbor"}, {"smithy-protocol", "rpc-v2-cbor"}}, body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.headers, HasSubstr("smithy-protocol: rpc-v2-cbor\r\n"));
  EXPECT_THAT(sink.counts(), ElementsAre(Pair("n", 1)));
}

TEST_F(PutMetricDataTest, ANamespaceIsNeeded) {
  const auto reply = post("Action=PutMetricData&Version=2010-08-01");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("<Code>ValidationError</Code>"));
  EXPECT_THAT(reply.body, HasSubstr("Value null at 'namespace' failed to satisfy"));
}

TEST(SinkTest, NamespacesBeyondTheMostAreCountedTogether) {
  Sink sink;
  for (std::size_t i = 0; i < Sink::kNamespacesMax + 2; ++i) sink.count(std::to_string(i), 1);
  EXPECT_EQ(sink.counts().size(), Sink::kNamespacesMax + 1);
  EXPECT_EQ(sink.counts().at("(others)"), 2U);
}

}  // namespace
}  // namespace hydrant::cloudwatch
