#include "server/configuration.h"

#include <gmock/gmock.h>

namespace hydrant::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class ConfigurationTest : public testing::Test {
 protected:
  Parsed<Resources> read(const std::string& text) {
    Options options;
    options.configuration = text;
    options.configuration_folder = "/etc/hydrant";
    return read_resources(options);
  }
  Resources resources(const std::string& text) {
    const auto parsed = read(text);
    const auto* error = std::get_if<ConfigurationError>(&parsed);
    EXPECT_EQ(error, nullptr) << error->sentence;
    return error == nullptr ? std::get<Resources>(parsed) : Resources{};
  }
  std::string refusal(const std::string& text) {
    const auto parsed = read(text);
    const auto* error = std::get_if<ConfigurationError>(&parsed);
    return error == nullptr ? "(accepted)" : error->sentence;
  }
  // The refusal of one function with these members besides its name.
  std::string function_refusal(const std::string& members) {
    return refusal(R"({"functions": [{"FunctionName": "f", )" + members + "}]}");
  }
};

TEST_F(ConfigurationTest, NoTextHasNoResources) {
  const Resources read = resources("");
  EXPECT_THAT(read.streams, IsEmpty());
  EXPECT_THAT(read.functions, IsEmpty());
}

TEST_F(ConfigurationTest, StreamsAreWrittenAsCreateStream) {
  const Resources read = resources(R"({"streams": [
      {"StreamName": "clicks", "ShardCount": 3, "MaxRecordSizeInKiB": 2048, "Tags": {"a": "b"}},
      {"StreamName": "views", "StreamModeDetails": {"StreamMode": "ON_DEMAND"}}]})");
  ASSERT_EQ(read.streams.size(), 2U);
  EXPECT_EQ(read.streams[0].name, "clicks");
  EXPECT_EQ(read.streams[0].shards, 3);
  EXPECT_EQ(read.streams[0].record_size_max_kib, 2048);
  EXPECT_THAT(read.streams[0].tags, ElementsAre(Pair("a", "b")));
  EXPECT_TRUE(read.streams[1].on_demand);
  EXPECT_EQ(read.streams[1].shards, 4);
}

TEST_F(ConfigurationTest, AHandlersFolderStartsAtTheFilesFolder) {
  const Resources read = resources(R"({"functions": [
      {"FunctionName": "f", "Runtime": "python3.12", "Handler": "app.lambda_handler",
       "Directory": "../functions/f", "Timeout": 3, "MaxConcurrency": 2,
       "Environment": {"Variables": {"SALT": "x"}}}]})");
  ASSERT_EQ(read.functions.size(), 1U);
  EXPECT_EQ(read.functions[0].directory, "/etc/functions/f");
  EXPECT_EQ(read.functions[0].timeout_s, 3);
  EXPECT_EQ(read.functions[0].max_concurrency, 2);
  EXPECT_THAT(read.functions[0].environment, ElementsAre(Pair("SALT", "x")));
}

TEST_F(ConfigurationTest, AFunctionMayBeAnAddressOrACommand) {
  const Resources read = resources(R"({"functions": [
      {"FunctionName": "a", "Url": "http://127.0.0.1:9000/"},
      {"FunctionName": "b", "Command": ["./bootstrap", "-v"]}]})");
  EXPECT_EQ(read.functions[0].url, "http://127.0.0.1:9000/");
  EXPECT_EQ(read.functions[0].directory, "");
  EXPECT_THAT(read.functions[1].command, ElementsAre("./bootstrap", "-v"));
  EXPECT_EQ(read.functions[1].directory, "/etc/hydrant/");
}

TEST_F(ConfigurationTest, DeliveryStreamsAreKeptAsTheyAre) {
  const Resources read = resources(R"({"deliveryStreams": [
      {"DeliveryStreamName": "d", "ExtendedS3DestinationConfiguration": {"Prefix": "p/"}}]})");
  ASSERT_EQ(read.delivery_streams.size(), 1U);
  EXPECT_EQ(read.delivery_streams[0].at("ExtendedS3DestinationConfiguration").at("Prefix"), "p/");
}

TEST_F(ConfigurationTest, AMistakeIsNamedByItsPath) {
  EXPECT_EQ(function_refusal(R"("Url": "http://h/", "Timeout": "x")"),
            "functions[0].Timeout: expected an integer from 1 to 900, got \"x\"");
  EXPECT_EQ(function_refusal(R"("Url": "http://h/", "Timeout": 901)"),
            "functions[0].Timeout: expected an integer from 1 to 900, got 901");
  EXPECT_EQ(function_refusal(R"("Url": "http://h/", "Timeout": 18446744073709551615)"),
            "functions[0].Timeout: expected an integer from 1 to 900, got 18446744073709551615");
  EXPECT_EQ(function_refusal(R"("Url": "http://h/", "Environment": {"Variables": {"A": 1}})"),
            "functions[0].Environment.Variables.A: expected a string, got 1");
  EXPECT_EQ(function_refusal(R"("Command": ["a", 2])"),
            "functions[0].Command[1]: expected a string, got 2");
  EXPECT_EQ(refusal(R"({"streams": [{"StreamName": "s"}, {"ShardCount": 1}]})"),
            "streams[1].StreamName: expected a string, got nothing");
  EXPECT_EQ(refusal(R"({"streams": [3]})"), "streams[0]: expected an object, got 3");
  EXPECT_EQ(refusal(R"({"streams": {}})"), "streams: expected a list of objects");
  EXPECT_EQ(refusal(R"({"deliveryStreams": [{}]})"),
            "deliveryStreams[0]: expected an object with a DeliveryStreamName");
}

TEST_F(ConfigurationTest, AnUnknownKeyIsRefusedWithTheClosestKnownOne) {
  EXPECT_EQ(function_refusal(R"("Url": "http://h/", "TimeOut": 1)"),
            "functions[0].TimeOut: unknown key; did you mean Timeout?");
  EXPECT_EQ(refusal(R"({"streams": [{"StreamName": "s", "Retention": 1}]})"),
            "streams[0].Retention: unknown key");
}

TEST_F(ConfigurationTest, ADeliveryStreamHasNoMemberThatItsRequestHasNot) {
  const auto delivery_refusal = [this](const std::string& members) {
    return refusal(R"({"deliveryStreams": [{"DeliveryStreamName": "d", )" + members + "}]}");
  };
  EXPECT_EQ(delivery_refusal(R"("DeliveryStreamTyp": "DirectPut")"),
            "deliveryStreams[0].DeliveryStreamTyp: unknown key; did you mean DeliveryStreamType?");
  EXPECT_EQ(delivery_refusal(R"("Foo": null)"), "deliveryStreams[0].Foo: unknown key");
  EXPECT_EQ(delivery_refusal(R"("ExtendedS3DestinationConfiguration": {"prefix": "p/"})"),
            "deliveryStreams[0].ExtendedS3DestinationConfiguration.prefix: unknown key; did you "
            "mean Prefix?");
  EXPECT_EQ(delivery_refusal(R"("ExtendedS3DestinationConfiguration": {
                "BufferingHints": {"SizeInMB": 1}})"),
            "deliveryStreams[0].ExtendedS3DestinationConfiguration.BufferingHints.SizeInMB: "
            "unknown key; did you mean SizeInMBs?");
  EXPECT_EQ(delivery_refusal(R"("Tags": [{"Key": "a"}, {"Name": "b"}])"),
            "deliveryStreams[0].Tags[1].Name: unknown key");
  EXPECT_EQ(delivery_refusal(R"("Tags": {"Name": "b"}, "DeliveryStreamType": 1)"), "(accepted)");
}

TEST_F(ConfigurationTest, AFunctionIsOfExactlyOneKind) {
  const std::string kinds = "functions[0]: expected one of Url, Command, or Runtime with Handler";
  EXPECT_EQ(function_refusal(R"("Timeout": 1)"), kinds);
  EXPECT_EQ(function_refusal(R"("Url": "http://h/", "Command": ["a"])"), kinds);
  EXPECT_EQ(function_refusal(R"("Runtime": "python3", "Handler": "app.f")"),
            "functions[0].Directory: expected a string, got nothing");
  EXPECT_EQ(function_refusal(R"("Runtime": "ruby", "Handler": "app.f", "Directory": ".")"),
            "functions[0].Runtime: expected python3... or nodejs..., got \"ruby\"");
  EXPECT_EQ(function_refusal(R"("Runtime": "python3", "Handler": "app", "Directory": ".")"),
            "functions[0].Handler: expected module.function, got \"app\"");
  EXPECT_EQ(function_refusal(R"("Url": "ftp://h/")"),
            "functions[0].Url: expected an http:// or https:// address, got \"ftp://h/\"");
}

TEST_F(ConfigurationTest, AnAddressMustBeOneThatCanBeCalled) {
  for (const std::string url :
       {"http://", "http://:80/", "http://h:99999/", "http://h:0/", "http://h /"}) {
    EXPECT_EQ(function_refusal("\"Url\": \"" + url + "\""),
              "functions[0].Url: expected an http:// or https:// address, got \"" + url + "\"");
  }
  EXPECT_EQ(function_refusal(R"("Url": "http://h/\r\nHost: x")"),
            R"(functions[0].Url: expected an http:// or https:// address, got )"
            R"("http://h/\r\nHost: x")");
  EXPECT_EQ(function_refusal(R"("Url": "https://[::1]:65535/")"), "(accepted)");
}

TEST_F(ConfigurationTest, AVariableMustBeOneThatAProcessCanHave) {
  const auto variable_refusal = [this](const std::string& variable) {
    return function_refusal(R"("Command": ["a"], "Environment": {"Variables": {)" + variable +
                            "}}");
  };
  const std::string names =
      "functions[0].Environment.Variables: expected names without = and NUL, got ";
  EXPECT_EQ(variable_refusal(R"("": "x")"), names + R"("")");
  EXPECT_EQ(variable_refusal(R"("A=B": "x")"), names + R"("A=B")");
  EXPECT_EQ(variable_refusal(R"("A": "x\u0000y")"),
            "functions[0].Environment.Variables.A: expected a string without NUL, got "
            R"("x\u0000y")");
  EXPECT_EQ(function_refusal(R"("Command": ["a\u0000"])"),
            R"(functions[0].Command[0]: expected a string without NUL, got "a\u0000")");
}

TEST_F(ConfigurationTest, ANameComesOnce) {
  EXPECT_EQ(refusal(R"({"streams": [{"StreamName": "s"}, {"StreamName": "s"}]})"),
            "streams[1].StreamName: \"s\" is taken by an earlier one");
}

TEST_F(ConfigurationTest, AnOnDemandStreamHasNoShardCount) {
  EXPECT_EQ(refusal(R"({"streams": [{"StreamName": "s", "ShardCount": 1,
                        "StreamModeDetails": {"StreamMode": "ON_DEMAND"}}]})"),
            "streams[0].ShardCount: a stream in ON_DEMAND mode has none");
}

TEST_F(ConfigurationTest, AnOnDemandStreamMayBeginWarm) {
  const Resources read = resources(R"({"streams": [
      {"StreamName": "s", "StreamModeDetails": {"StreamMode": "ON_DEMAND"},
       "WarmThroughputMiBps": 6}]})");
  EXPECT_EQ(read.streams.at(0).warm_throughput_mibps, 6);
  EXPECT_EQ(read.streams.at(0).shards, 6);
  EXPECT_EQ(refusal(R"({"streams": [{"StreamName": "s", "WarmThroughputMiBps": 6}]})"),
            "streams[0].WarmThroughputMiBps: only a stream in ON_DEMAND mode has one");
}

}  // namespace
}  // namespace hydrant::server
