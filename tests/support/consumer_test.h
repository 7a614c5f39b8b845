// ConsumerTest: a stream "s" and what the operations on its consumers are asked in.
#pragma once
#include "support/kinesis_test.h"

namespace hydrant::kinesis {

class ConsumerTest : public KinesisTest {
 protected:
  explicit ConsumerTest(const World& world = {}) : KinesisTest(world) {}
  void SetUp() override { create_stream("s", 1); }

  Answer enroll(const std::string& name, const std::string& stream = "s") {
    return call("RegisterStreamConsumer", {{"StreamARN", arn(stream)}, {"ConsumerName", name}});
  }
  std::string enrolled(const std::string& name, const std::string& stream = "s") {
    return enroll(name, stream)["Consumer"].at("ConsumerARN").get<std::string>();
  }
  Answer describe(const Json& which) { return call("DescribeStreamConsumer", which); }
  std::string status_of(const std::string& consumer_arn) {
    const auto answer = describe({{"ConsumerARN", consumer_arn}});
    if (answer.status != 200) return "(none)";
    return answer["ConsumerDescription"].at("ConsumerStatus").get<std::string>();
  }
};

}  // namespace hydrant::kinesis
