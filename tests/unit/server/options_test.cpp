#include "server/options.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/clock.h"
#include "server/setting.h"

namespace hydrant::server {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OptionsTest : public testing::Test {
 protected:
  using Strings = std::vector<std::string>;

  Parsed<CommandLine> parse(const Strings& arguments, const Strings& environment = {}) {
    return parse_command_line(arguments, environment, file_);
  }
  CommandLine line(const Strings& arguments, const Strings& environment = {}) {
    const auto parsed = parse(arguments, environment);
    const auto* error = std::get_if<ConfigurationError>(&parsed);
    EXPECT_EQ(error, nullptr) << error->sentence;
    return error == nullptr ? std::get<CommandLine>(parsed) : CommandLine{};
  }
  Options options(const Strings& arguments, const Strings& environment = {}) {
    return line(arguments, environment).options;
  }
  std::string refusal(const Strings& arguments, const Strings& environment = {}) {
    const auto parsed = parse(arguments, environment);
    const auto* error = std::get_if<ConfigurationError>(&parsed);
    return error == nullptr ? "(accepted)" : error->sentence;
  }
  void file(std::string text) { file_ = ConfigurationText{"etc/a.json", std::move(text)}; }

 private:
  std::optional<ConfigurationText> file_;
};

TEST_F(OptionsTest, NothingGivenMeansTheDefaults) {
  const Options defaults = options({});
  EXPECT_EQ(defaults.host, "127.0.0.1");
  EXPECT_EQ(defaults.port, 4566);
  EXPECT_EQ(defaults.auth, Auth::off);
  EXPECT_EQ(defaults.delays.create_stream, milliseconds(500));
  EXPECT_FALSE(defaults.clock.is_virtual);
  EXPECT_FALSE(defaults.seed.has_value());
}

TEST_F(OptionsTest, AQuotaThatIsNotSetIsLeftToTheService) {
  EXPECT_FALSE(options({}).quotas.shards.has_value());
  const auto quotas = options({"--quotas.shards", "7", "--quotas.onDemandStreams", "0"}).quotas;
  EXPECT_EQ(quotas.shards, 7);
  EXPECT_EQ(quotas.on_demand_streams, 0);
  EXPECT_FALSE(quotas.streams_creating.has_value());
}

TEST_F(OptionsTest, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
  file(R"({"port": 1, "region": "eu-west-1", "account": "111111111111"})");
  const Options read = options({"--port", "3"}, {"HYDRANT_PORT=2", "HYDRANT_REGION=eu-west-2"});
  EXPECT_EQ(read.port, 3);
  EXPECT_EQ(read.region, "eu-west-2");
  EXPECT_EQ(read.account, "111111111111");
}

TEST_F(OptionsTest, AFlagTakesItsValueFromTheNextWordOrBehindAnEqualsSign) {
  EXPECT_EQ(options({"--throttle.scale", "10"}).throttle.scale, 10);
  EXPECT_EQ(options({"--throttle.scale=10"}).throttle.scale, 10);
}

TEST_F(OptionsTest, ABooleanFlagAloneIsTrue) {
  EXPECT_TRUE(options({"--strict"}).strict);
  EXPECT_TRUE(options({"--strict", "--port", "1"}).strict);
  EXPECT_FALSE(options({"--flush-on-exit", "false"}).flush_on_exit);
  EXPECT_FALSE(options({"--flush-on-exit=false"}).flush_on_exit);
}

TEST_F(OptionsTest, EverySettingIsAVariableToo) {
  const Options read = options(
      {}, {"HYDRANT_MEMORY_MAX_MIB=7", "HYDRANT_DATA_DIR=/d", "HYDRANT_THROTTLE_BURST_SECONDS=1.5",
           "HYDRANT_FIREHOSE_FAILURE_RECORD_STYLE=2019"});
  EXPECT_EQ(read.memory.max_mib, 7);
  EXPECT_EQ(read.data_dir, "/d");
  EXPECT_EQ(read.throttle.burst_seconds, 1.5);
  EXPECT_EQ(read.firehose.failure_record_style, FailureRecordStyle::y2019);
}

TEST_F(OptionsTest, NestedSettingsAreObjectsOfTheFileWithComments) {
  file(R"({
    // twice the limits
    "throttle": {"scale": 2, "kinesis": false},
    "memory": {"whenFull": "trim"},
    "credentials": [{"accessKeyId": "AKID", "secretAccessKey": "a:b,c"}]
  })");
  const Options read = options({});
  EXPECT_EQ(read.throttle.scale, 2);
  EXPECT_FALSE(read.throttle.kinesis);
  EXPECT_EQ(read.memory.when_full, WhenMemoryIsFull::trim);
  ASSERT_EQ(read.credentials.size(), 1U);
  EXPECT_EQ(read.credentials[0].id, "AKID");
  EXPECT_EQ(read.credentials[0].secret, "a:b,c");
}

TEST_F(OptionsTest, PathsOfTheFileStartAtItsFolder) {
  file(R"({"dataDir": "data", "tlsCert": "/abs/c.pem", "tlsKey": "k.pem"})");
  const Options read = options({});
  EXPECT_EQ(read.data_dir, "etc/data");
  EXPECT_EQ(read.tls_cert, "/abs/c.pem");
  EXPECT_EQ(read.tls_key, "etc/k.pem");
  EXPECT_EQ(read.configuration_folder, "etc");
}

TEST_F(OptionsTest, TheClockIsRealVirtualOrScaled) {
  EXPECT_TRUE(options({"--clock", "virtual"}).clock.is_virtual);
  EXPECT_FALSE(options({"--clock", "virtual"}).clock.start.has_value());
  const Options at = options({"--clock", "virtual@2026-01-01T00:00:00Z"});
  ASSERT_TRUE(at.clock.start.has_value());
  EXPECT_EQ(format_utc(*at.clock.start), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(options({"--clock", "x60"}).clock.factor, 60);
  EXPECT_THAT(refusal({"--clock", "x0"}), HasSubstr("xN with a number from 0.001 to 1000000"));
  EXPECT_THAT(refusal({"--clock", "virtual@noon"}), HasSubstr("got \"virtual@noon\""));
}

TEST_F(OptionsTest, UnderAVirtualClockOnlyDelaysThatWereSetCount) {
  const Options read = options({"--clock", "virtual", "--delays.reshardMs", "500"});
  EXPECT_EQ(read.delays.create_stream, milliseconds(0));
  EXPECT_EQ(read.delays.reshard, milliseconds(500));
}

TEST_F(OptionsTest, ABadValueIsNamedWithWhatWasExpected) {
  EXPECT_EQ(refusal({"--port", "65536"}),
            "--port: expected an integer from 0 to 65535, got \"65536\"");
  EXPECT_EQ(refusal({}, {"HYDRANT_AUTH=maybe"}),
            "HYDRANT_AUTH: expected off, required or verify, got \"maybe\"");
  EXPECT_THAT(refusal({"--throttle.scale", "nan"}), HasSubstr("got \"nan\""));
  EXPECT_THAT(refusal({"--account", "12345"}), HasSubstr("expected 12 digits"));
  EXPECT_EQ(refusal({"--port"}), "--port: expected an integer from 0 to 65535, got nothing");
}

TEST_F(OptionsTest, TheFileMustHoldTheRightTypeOfJson) {
  file(R"({"port": "4566"})");
  EXPECT_EQ(refusal({}), "etc/a.json: port: expected an integer from 0 to 65535, got \"4566\"");
  file(R"({"throttle": 3})");
  EXPECT_EQ(refusal({}), "etc/a.json: throttle: expected an object");
  file(R"({"account": 123456789012})");
  EXPECT_EQ(refusal({}),
            "etc/a.json: account: expected 12 digits (in the file a string), got 123456789012");
}

TEST_F(OptionsTest, WhatIsListenedOnIsAnAddress) {
  const std::string expected = ": expected an IP address of this machine, or localhost, got ";
  for (const std::string host : {"999.1.1.1", "nonexist", "[127.0.0.1", "http://127.0.0.1"})
    EXPECT_EQ(refusal({"--host", host}), "--host" + expected + "\"" + host + "\"");
  EXPECT_EQ(options({"--host", "localhost"}).host, "localhost");
  EXPECT_EQ(options({"--host", "[::1]"}).host, "::1");
  file(R"({"host": "nonexist"})");
  EXPECT_EQ(refusal({}), "etc/a.json: host" + expected + "\"nonexist\"");
}

TEST_F(OptionsTest, APathHasNoNul) {
  file(R"({"dataDir": "a\u0000b"})");
  EXPECT_THAT(refusal({}), HasSubstr("dataDir: expected the path of a folder"));
}

TEST_F(OptionsTest, TimeBeginsIn1970) {
  EXPECT_THAT(refusal({"--clock", "virtual@1969-12-31T23:59:59Z"}), HasSubstr("from 1970 on"));
  EXPECT_EQ(refusal({"--clock", "virtual@1970-01-01T00:00:00Z"}), "(accepted)");
}

TEST_F(OptionsTest, AKeyOfTheFileComesOnce) {
  file(R"({"port": 1, "port": 2})");
  EXPECT_EQ(refusal({}), "etc/a.json: port: the key comes twice");
  file(R"({"streams": [{"StreamName": "a"}, {"Tags": {"x": "1", "y": "2", "x": "3"}}]})");
  EXPECT_EQ(refusal({}), "etc/a.json: streams[1].Tags.x: the key comes twice");
  file(R"({"throttle": {"scale": 1}, "throttle.scale": 2})");
  EXPECT_EQ(refusal({}), "etc/a.json: throttle.scale: the key comes twice");
  file(R"({"throttle.scale": 2, "throttle": {"kinesis": true}})");
  EXPECT_EQ(options({}).throttle.scale, 2);
}

TEST_F(OptionsTest, ANumberThatIsTooLargeIsNamed) {
  const std::string expected = ": expected a number that is not so large, got '1e400'";
  file(R"({"port": 1e400})");
  EXPECT_EQ(refusal({}), "etc/a.json: port" + expected);
  file(R"({"x": [{}, [1], {"y": [1, 1e400]}]})");
  EXPECT_EQ(refusal({}), "etc/a.json: x[2].y[1]" + expected);
}

TEST_F(OptionsTest, AFileIsOnlySoDeep) {
  const std::string sentence = "etc/a.json: expected no more than 100 levels";
  const std::string deep(100'000, '['), closed(100'000, ']');
  file(deep);
  EXPECT_EQ(refusal({}), sentence);
  file(R"({"deliveryStreams": [{"DeliveryStreamName": "d", "Tags": )" + deep + closed + "}]}");
  EXPECT_EQ(refusal({}), sentence);
}

TEST_F(OptionsTest, ASecretIsNotRepeated) {
  EXPECT_EQ(refusal({"--credentials", "secret"}),
            "--credentials: expected ID:SECRET,ID:SECRET (in the file a list)");
  EXPECT_EQ(refusal({"--credentials", "A:secret,A:other"}),
            "--credentials: the access key id A comes twice");
}

TEST_F(OptionsTest, AnUnknownNameIsRefusedWithTheClosestKnownOne) {
  EXPECT_EQ(refusal({"--prot", "1"}), "--prot: no such flag; did you mean --port?");
  EXPECT_EQ(refusal({"--xyzzy"}), "--xyzzy: no such flag");
  EXPECT_EQ(refusal({"start"}), "start: expected a flag");
  file(R"({"throttle": {"scal": 1}})");
  EXPECT_EQ(refusal({}),
            "etc/a.json: throttle.scal: no such setting; did you mean throttle.scale?");
}

TEST_F(OptionsTest, AnUnknownVariableIsOnlyReported) {
  EXPECT_THAT(line({}, {"HYDRANT_PROT=1"}).warnings,
              ElementsAre("HYDRANT_PROT: no such setting, ignored; did you mean HYDRANT_PORT?"));
}

// A cluster with a service called hydrant sets these in every container.
TEST_F(OptionsTest, VariablesOfAContainerPlatformAreNoSettings) {
  const CommandLine read = line({}, {"HYDRANT_PORT=tcp://10.0.0.1:4566", "HYDRANT_SERVICE_HOST=x",
                                     "HYDRANT_PORT_4566_TCP=x", "HYDRANT_HOST="});
  EXPECT_EQ(read.options.port, 4566);
  EXPECT_EQ(read.options.host, "127.0.0.1");
  EXPECT_THAT(read.warnings, IsEmpty());
}

TEST_F(OptionsTest, SomeSettingsOnlyMakeSenseTogether) {
  EXPECT_THAT(refusal({"--tls-cert", "c.pem"}), HasSubstr("tlsCert and tlsKey go together"));
  EXPECT_THAT(refusal({"--auth", "verify"}), HasSubstr("needs credentials"));
  EXPECT_EQ(refusal({"--auth", "verify", "--credentials", "A:b"}), "(accepted)");
}

TEST_F(OptionsTest, ASyntaxErrorNamesLineAndColumn) {
  file("{\n  \"port\": 1,\n  oops\n}");
  EXPECT_THAT(refusal({}), HasSubstr("etc/a.json:3:3: not JSON: syntax error"));
  file("[]");
  EXPECT_EQ(refusal({}), "etc/a.json: expected a JSON object");
}

TEST_F(OptionsTest, HelpAndVersionComeBeforeEveryMistake) {
  EXPECT_EQ(line({"--port", "x", "--help"}).action, Action::help);
  EXPECT_EQ(line({"--version", "--xyzzy"}).action, Action::version);
  EXPECT_EQ(line({"--check"}).action, Action::check);
  EXPECT_EQ(line({"--health"}).action, Action::health);
}

TEST_F(OptionsTest, TheFileIsNamedByFlagOrVariable) {
  const Strings environment = {"HYDRANT_CONFIG=a.json"};
  EXPECT_EQ(configuration_path({}, environment), "a.json");
  EXPECT_EQ(configuration_path(Strings{"--config", "b.json"}, environment), "b.json");
  EXPECT_EQ(configuration_path(Strings{"--config=c.json"}, {}), "c.json");
  EXPECT_EQ(configuration_path(Strings{"--port", "1"}, {}), std::nullopt);
}

TEST_F(OptionsTest, AFileThatCannotBeReadIsNamed) {
  for (const std::string path : {"/nowhere/a.json", "/"}) {
    const char* const argv[] = {"hydrant", "--config", path.c_str()};
    const auto parsed = read_command_line(3, argv, nullptr);
    ASSERT_TRUE(std::holds_alternative<ConfigurationError>(parsed));
    EXPECT_EQ(std::get<ConfigurationError>(parsed).sentence,
              path + ": cannot be read; expected a configuration file");
  }
}

TEST_F(OptionsTest, AnEmptyNameOfAFileIsNone) {
  const char* const argv[] = {"hydrant", "--config", ""};
  const auto parsed = read_command_line(3, argv, nullptr);
  ASSERT_TRUE(std::holds_alternative<ConfigurationError>(parsed));
  EXPECT_EQ(std::get<ConfigurationError>(parsed).sentence,
            "--config: expected the path of a file, got \"\"");
}

TEST_F(OptionsTest, TheHelpNamesEverySetting) {
  const std::string help = help_text();
  for (const Setting& setting : settings()) EXPECT_THAT(help, HasSubstr(setting.flag));
}

TEST_F(OptionsTest, EveryDefaultIsAValueOfItsSetting) {
  for (const Setting& setting : settings()) {
    if (setting.fallback.empty()) continue;
    EXPECT_EQ(refusal({setting.flag, setting.fallback}), "(accepted)");
  }
}

// A page of the source tree, in which the test was compiled and in which it is run.
std::string page_of_docs(const std::string& name) {
  namespace fs = std::filesystem;
  for (fs::path folder : {fs::absolute(__FILE__).parent_path(), fs::current_path()}) {
    for (; folder != folder.parent_path(); folder = folder.parent_path()) {
      std::ifstream stream(folder / "docs" / name);
      if (stream) return {std::istreambuf_iterator<char>(stream), {}};
    }
  }
  return "";
}

// The table between the markers is this program's: on a difference, the file is to be replaced by
// what the failure prints.
TEST_F(OptionsTest, TheDocumentationHoldsTheTable) {
  const std::string page = page_of_docs("configuration.md");
  const std::string start = "<!-- settings -->\n", end = "<!-- /settings -->";
  const std::size_t from = page.find(start), to = page.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  EXPECT_EQ(page.substr(from + start.size(), to - from - start.size()), settings_table());
}

}  // namespace
}  // namespace hydrant::server
