#include "engine/delivery/prefix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace hydrant::delivery {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

// The instant that the service's documentation uses.
const TimePoint kAugust = std::chrono::sys_days(std::chrono::year(2018) / 8 / 27) + 10h + 30min;

class PrefixTest : public ::testing::Test {
 protected:
  std::string data_prefix(const std::string& prefix) {
    return data_key_prefix(Prefix(prefix), {kAugust, utc, ""}, random);
  }
  std::string error_prefix(const std::string& prefix, const std::string& error_prefix) {
    return error_key_prefix(Prefix(prefix), Prefix(error_prefix),
                            {kAugust, utc, "processing-failed"}, random);
  }
  Random random{1};
  const TimeZone utc = TimeZone::utc();
};

TEST_F(PrefixTest, NoPrefixMeansTimeFolders) { EXPECT_EQ(data_prefix(""), "2018/08/27/10/"); }

TEST_F(PrefixTest, TimeFoldersFollowAPlainPrefixAsItStands) {
  EXPECT_EQ(data_prefix("legacy"), "legacy2018/08/27/10/");
  EXPECT_EQ(data_prefix("legacy/"), "legacy/2018/08/27/10/");
}

TEST_F(PrefixTest, AnyExpressionKeepsTheTimeFoldersAway) {
  EXPECT_EQ(data_prefix("a/!{timestamp:yyyy/MM}/"), "a/2018/08/");
  EXPECT_THAT(data_prefix("r/!{firehose:random-string}/"), MatchesRegex("r/[A-Za-z0-9]{11}/"));
}

TEST_F(PrefixTest, EveryRandomStringIsANewOne) {
  const std::string text = data_prefix("!{firehose:random-string}!{firehose:random-string}");
  ASSERT_EQ(text.size(), 22u);
  EXPECT_NE(text.substr(0, 11), text.substr(11));
}

TEST_F(PrefixTest, TheExampleOfTheDocumentation) {
  EXPECT_THAT(data_prefix("myFirehose/DeliveredYear=!{timestamp:yyyy}/anyMonth/rand="
                          "!{firehose:random-string}"),
              MatchesRegex("myFirehose/DeliveredYear=2018/anyMonth/rand=[A-Za-z0-9]{11}"));
  EXPECT_EQ(error_prefix("x",
                         "myFirehoseFailures/!{firehose:error-output-type}/"
                         "!{timestamp:yyyy}/anyMonth/!{timestamp:dd}"),
            "myFirehoseFailures/processing-failed/2018/anyMonth/27");
}

TEST_F(PrefixTest, ErrorsGoBelowThePrefixUnlessTheyHaveTheirOwn) {
  EXPECT_EQ(error_prefix("", ""), "processing-failed/2018/08/27/10/");
  EXPECT_EQ(error_prefix("p/", ""), "p/processing-failed/2018/08/27/10/");
  EXPECT_EQ(error_prefix("p/", "errors/"), "errors/processing-failed/2018/08/27/10/");
  EXPECT_EQ(error_prefix("p/", "errors/!{firehose:error-output-type}/"),
            "errors/processing-failed/");
}

TEST_F(PrefixTest, FoldersShowTheTimeOfTheZone) {
  const auto seoul = TimeZone::find("Asia/Seoul");
  ASSERT_TRUE(seoul);
  const TimePoint evening = kAugust + 5h;
  EXPECT_EQ(data_key_prefix(Prefix("p/"), {evening, *seoul, ""}, random), "p/2018/08/28/00/");
  EXPECT_EQ(data_key_prefix(Prefix("!{timestamp:dd-HH}/"), {evening, *seoul, ""}, random),
            "28-00/");
  EXPECT_EQ(
      error_key_prefix(Prefix("p/"), Prefix(), {evening, *seoul, "processing-failed"}, random),
      "p/processing-failed/2018/08/28/00/");
}

TEST_F(PrefixTest, PartitionKeysStandInTheOrderOfTheirFirstAppearance) {
  using Kind = Prefix::Kind;
  const Prefix prefix(
      "!{partitionKeyFromLambda:b}/!{partitionKeyFromQuery:a}/!{partitionKeyFromLambda:b}/"
      "!{partitionKeyFromQuery:b}/!{partitionKeyFromQuery:$.country}");
  EXPECT_THAT(prefix.keys(), ElementsAre(Prefix::KeyRef{Kind::key_from_lambda, "b"},
                                         Prefix::KeyRef{Kind::key_from_query, "a"},
                                         Prefix::KeyRef{Kind::key_from_query, "b"},
                                         Prefix::KeyRef{Kind::key_from_query, "$.country"}));
}

TEST_F(PrefixTest, ValuesOfPartitionKeysGoInVerbatim) {
  const std::vector<std::string> keys{"x/y !{timestamp:yyyy}", ""};
  const Prefix prefix(
      "a/!{partitionKeyFromQuery:k}/!{partitionKeyFromLambda:l}/!{partitionKeyFromQuery:k}/");
  EXPECT_EQ(data_key_prefix(prefix, {kAugust, utc, "", keys}, random),
            "a/x/y !{timestamp:yyyy}//x/y !{timestamp:yyyy}/");
}

TEST_F(PrefixTest, APartitionKeyAloneKeepsTheTimeFoldersAway) {
  const std::vector<std::string> keys{"v"};
  EXPECT_EQ(data_key_prefix(Prefix("!{partitionKeyFromQuery:k}"), {kAugust, utc, "", keys}, random),
            "v");
}

TEST_F(PrefixTest, TheErrorTypeMayStandThereMoreThanOnce) {
  EXPECT_EQ(error_prefix("p/", "!{firehose:error-output-type}/!{firehose:error-output-type}/"),
            "processing-failed/processing-failed/");
}

struct Rule {
  const char* prefix;
  const char* error_prefix;
  const char* text;  // null: nothing is wrong
};

class PrefixRuleTest : public ::testing::TestWithParam<Rule> {};

TEST_P(PrefixRuleTest, IsToldInTheWordsOfTheService) {
  const auto& [prefix, error_prefix, text] = GetParam();
  const auto error = find_prefix_error(prefix, error_prefix);
  EXPECT_EQ(error.value_or("none"), text == nullptr ? "none" : text);
}

constexpr char kErrors[] = "e/!{firehose:error-output-type}/";
constexpr char kBadValue[] =
    "Invalid conversion character used in the value of the expression in Prefix";

INSTANTIATE_TEST_SUITE_P(
    Prefixes, PrefixRuleTest,
    ::testing::Values(
        Rule{"", "", nullptr}, Rule{"plain/", "", nullptr}, Rule{"plain", "errors/", nullptr},
        Rule{"!{timestamp:yyyy}/", kErrors, nullptr},
        Rule{"!{partitionKeyFromLambda:k}/", kErrors, nullptr}, Rule{"a!b{c}", "", nullptr},
        Rule{"my!{prefix/", "",
             "Invalid expression usage: my!{prefix/.Must be of the form !{<namespace>:<value>}"},
        Rule{"a/!{timestamp:yyyy", kErrors,
             "Invalid expression usage: a/!{timestamp:yyyy.Must be of the form "
             "!{<namespace>:<value>}"},
        Rule{"!{timestamp}", kErrors,
             "Invalid expression usage: !{timestamp}.Must be of the form !{<namespace>:<value>}"},
        Rule{"!{time stamp:yyyy}", kErrors,
             "Invalid expression usage: !{time stamp:yyyy}.Must be of the form "
             "!{<namespace>:<value>}"},
        Rule{"!{timestamp:{yyyy}}", kErrors,
             "Invalid expression usage: !{timestamp:{yyyy}}.Must be of the form "
             "!{<namespace>:<value>}"},
        Rule{"!{time:yyyy}", kErrors,
             "Namespace to the left of colon (time) is an invalid keyword!"},
        Rule{"!{firehose:x}", kErrors, kBadValue}, Rule{"!{timestamp:C}", kErrors, kBadValue},
        Rule{"!{timestamp:yyyy'}", kErrors, kBadValue},
        Rule{"", "!{timestamp:T}",
             "Invalid conversion character used in the value of the expression in "
             "ErrorOutputPrefix"},
        Rule{"!{timestamp:yyyy}", "",
             "ErrorOutputPrefix cannot be null or empty when Prefix contains expressions"},
        Rule{"", "!{timestamp:yyyy}",
             "ErrorOutputPrefix must contain at least one occurrence of "
             "!{firehose:error-output-type}"},
        Rule{"!{firehose:error-output-type}/", kErrors,
             "Prefix must not contain any occurrence of !{firehose:error-output-type}"},
        Rule{"", "!{firehose:error-output-type}/!{partitionKeyFromQuery:k}/", nullptr}));

TEST(PrefixLengthTest, TheEvaluatedTextHasALimit) {
  EXPECT_EQ(find_prefix_error(std::string(512, 'x'), ""), std::nullopt);
  EXPECT_EQ(find_prefix_error(std::string(513, 'x'), ""),
            "Length of evaluated prefix cannot be greater than 512");
  EXPECT_EQ(find_prefix_error("", std::string(513, 'x')),
            "Length of evaluated ErrorOutputPrefix cannot be greater than 512");
}

// Their values are not known when the prefix is set: only the text around them counts.
TEST(PrefixLengthTest, PartitionKeysCountForNothing) {
  const std::string key = "!{partitionKeyFromQuery:" + std::string(100, 'k') + "}";
  EXPECT_EQ(find_prefix_error(std::string(512, 'x') + key, kErrors), std::nullopt);
  EXPECT_EQ(find_prefix_error(std::string(513, 'x') + key, kErrors),
            "Length of evaluated prefix cannot be greater than 512");
}

TEST(PrefixLengthTest, TimestampsCountAsTheyAreShown) {
  EXPECT_EQ(find_prefix_error(std::string(508, 'x') + "!{timestamp:yyyy}", kErrors), std::nullopt);
  EXPECT_EQ(find_prefix_error(std::string(509, 'x') + "!{timestamp:yyyy}", kErrors),
            "Length of evaluated prefix cannot be greater than 512");
}

}  // namespace
}  // namespace hydrant::delivery
