#include "support/kinesis_test.h"

namespace hydrant::kinesis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ListShardsTest : public KinesisTest {
 protected:
  using KinesisTest::KinesisTest;

  Answer list(const Json& input) { return call("ListShards", input); }
  // Numbers of the shards of an answer.
  static std::vector<int> numbers(const Answer& answer) {
    std::vector<int> all;
    if (answer.status != 200) {
      ADD_FAILURE() << answer;
      return all;
    }
    for (const auto& shard : answer["Shards"])
      all.push_back(*streams::parse_shard_id(shard.at("ShardId").get<std::string>()));
    return all;
  }
  std::vector<int> filtered(const Json& filter) {
    return numbers(list({{"StreamName", "s"}, {"ShardFilter", filter}}));
  }
  std::vector<int> at(std::int64_t second) {
    return filtered({{"Type", "AT_TIMESTAMP"}, {"Timestamp", kStartSecond + second}});
  }
  std::vector<int> from(std::int64_t second) {
    return filtered({{"Type", "FROM_TIMESTAMP"}, {"Timestamp", kStartSecond + second}});
  }
  // As ListStreams tells it.
  Json list_streams_time() {
    return call("ListStreams", Json::object())["StreamSummaries"][0]["StreamCreationTimestamp"];
  }
  void split(const std::string& shard, const std::string& key) {
    const auto answer = call(
        "SplitShard", {{"StreamName", "s"}, {"ShardToSplit", shard}, {"NewStartingHashKey", key}});
    ASSERT_THAT(answer, Succeeded());
  }
};

TEST_F(ListShardsTest, AShardIsDescribedAsInDescribeStream) {
  create_stream("s", 2);
  const auto answer = list({{"StreamName", "s"}});
  EXPECT_THAT(members_of(answer.body), ElementsAre("Shards"));
  EXPECT_EQ(answer["Shards"], shards("s"));
}

TEST_F(ListShardsTest, ATokenLeadsThroughThePages) {
  create_stream("s", 3);
  const auto first = list({{"StreamName", "s"}, {"MaxResults", 2}});
  EXPECT_THAT(numbers(first), ElementsAre(0, 1));
  const auto second = list({{"NextToken", first["NextToken"]}, {"MaxResults", 2}});
  EXPECT_THAT(numbers(second), ElementsAre(2));
  EXPECT_FALSE(second.body.contains("NextToken"));
}

TEST_F(ListShardsTest, AThousandShardsAreThePageUnlessMoreAreAskedFor) {
  create_stream("s", 1001);
  EXPECT_EQ(numbers(list({{"StreamName", "s"}})).size(), 1000U);
  EXPECT_EQ(numbers(list({{"StreamName", "s"}, {"MaxResults", 10000}})).size(), 1001U);
}

TEST_F(ListShardsTest, AListMayBeginBehindAShard) {
  create_stream("s", 3);
  EXPECT_THAT(numbers(list({{"StreamName", "s"}, {"ExclusiveStartShardId", shard_name(1)}})),
              ElementsAre(2));
}

TEST_F(ListShardsTest, StreamOrTokenIsNeeded) {
  EXPECT_THAT(
      list(Json::object()),
      RefusedAs("InvalidArgumentException", "Either NextToken or StreamName should be provided."));
}

TEST_F(ListShardsTest, ATokenCarriesTheQuestionSoNothingElseMayAskOne) {
  const std::vector<std::pair<std::string, Json>> members = {
      {"StreamName", "s"},
      {"StreamARN", arn("s")},
      {"ExclusiveStartShardId", "shardId-0"},
      {"ShardFilter", {{"Type", "AT_LATEST"}}},
      {"StreamCreationTimestamp", kStartSecond}};
  for (const auto& [member, value] : members)
    EXPECT_THAT(list({{"NextToken", "any"}, {member, value}}),
                RefusedAs("InvalidArgumentException",
                          "NextToken and " + member + " cannot be provided together."));
}

TEST_F(ListShardsTest, ATokenLives300Seconds) {
  create_stream("s", 2);
  const auto token = list({{"StreamName", "s"}, {"MaxResults", 1}})["NextToken"];
  advance(seconds(300));
  EXPECT_THAT(numbers(list({{"NextToken", token}})), ElementsAre(1));
  advance(microseconds(1));
  EXPECT_THAT(list({{"NextToken", token}}),
              RefusedAs("ExpiredNextTokenException", HasSubstr("300 seconds")));
}

TEST_F(ListShardsTest, WhatIsNoTokenIsRefused) {
  EXPECT_THAT(list({{"NextToken", "AAAA"}}),
              RefusedAs("InvalidArgumentException", "NextToken is invalid."));
}

TEST_F(ListShardsTest, AShardIteratorIsNoToken) {
  create_stream("s", 1);
  EXPECT_THAT(list({{"NextToken", iterator("s", "0")}}),
              RefusedAs("InvalidArgumentException", "NextToken is invalid."));
}

TEST_F(ListShardsTest, ATokenOutlivesNoStream) {
  create_stream("s", 2);
  const auto token = list({{"StreamName", "s"}, {"MaxResults", 1}})["NextToken"];
  call("DeleteStream", {{"StreamName", "s"}});
  EXPECT_THAT(
      list({{"NextToken", token}}),
      RefusedAs("ResourceNotFoundException", "Stream s under account 123456789012 not found."));
}

TEST_F(ListShardsTest, AnUnknownStreamIsNotFound) {
  EXPECT_THAT(
      list({{"StreamName", "s"}}),
      RefusedAs("ResourceNotFoundException", "Stream s under account 123456789012 not found."));
}

TEST_F(ListShardsTest, ClosedShardsAreListedByDefault) {
  create_stream("s", 1);
  split("0", "100");
  EXPECT_THAT(numbers(list({{"StreamName", "s"}})), ElementsAre(0, 1, 2));
  EXPECT_THAT(filtered({{"Type", "FROM_TRIM_HORIZON"}}), ElementsAre(0, 1, 2));
}

TEST_F(ListShardsTest, AtLatestMeansTheOpenShards) {
  create_stream("s", 1);
  split("0", "100");
  EXPECT_THAT(filtered({{"Type", "AT_LATEST"}}), ElementsAre(1, 2));
}

TEST_F(ListShardsTest, AfterAShardMeansTheGreaterIds) {
  create_stream("s", 3);
  EXPECT_THAT(filtered({{"Type", "AFTER_SHARD_ID"}, {"ShardId", "shardId-0"}}), ElementsAre(1, 2));
}

TEST_F(ListShardsTest, TheHorizonOfAYoungStreamIsItsBeginning) {
  create_stream("s", 2);
  advance(hours(1));
  split("0", "100");
  EXPECT_THAT(filtered({{"Type", "AT_TRIM_HORIZON"}}), ElementsAre(0, 1));
}

// Shard 0 lives for 10 s, its children 1 and 2 from then on, and 2 is closed at 20 s.
class ReshardedListShardsTest : public ListShardsTest {
 protected:
  void SetUp() override {
    create_stream("s", 1);
    advance(seconds(10));
    split("0", "100");
    advance(seconds(10));
    split("2", "200");
    advance(seconds(10));
  }
};

TEST_F(ReshardedListShardsTest, AtATimeMeansTheShardsThatWereOpenThen) {
  EXPECT_THAT(at(5), ElementsAre(0));
  EXPECT_THAT(at(15), ElementsAre(1, 2));
  EXPECT_THAT(at(25), ElementsAre(1, 3, 4));
}

TEST_F(ReshardedListShardsTest, FromATimeMeansTheShardsThatWereOpenThenOrLater) {
  EXPECT_THAT(from(5), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(from(15), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(from(25), ElementsAre(1, 3, 4));
}

// The numbers of a child begin a second after its parent's end; its life does not.
TEST_F(ReshardedListShardsTest, ThereIsNoHoleBetweenAParentAndItsChildren) {
  EXPECT_THAT(filtered({{"Type", "AT_TIMESTAMP"}, {"Timestamp", kStartSecond + 10.5}}),
              ElementsAre(1, 2));
}

TEST_F(ReshardedListShardsTest, ATimeBeforeTheHorizonIsTheHorizon) {
  advance(hours(24) - seconds(15));  // the horizon is at 15 s
  EXPECT_THAT(at(1), ElementsAre(1, 2));
  EXPECT_THAT(from(1), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(filtered({{"Type", "AT_TRIM_HORIZON"}}), ElementsAre(1, 2));
}

TEST_F(ListShardsTest, TheTimeOfItsCreationFindsTheShardsOfAStreamsBeginning) {
  advance(microseconds(1'000'750'500));
  create_stream("s", 2);
  const auto created = list_streams_time();
  EXPECT_EQ(created, kStartSecond + 1000);
  EXPECT_THAT(filtered({{"Type", "AT_TIMESTAMP"}, {"Timestamp", created}}), ElementsAre(0, 1));
}

TEST_F(ListShardsTest, AChildIsFoundByTheMillisecondOfTheSplit) {
  create_stream("s", 1);
  advance(microseconds(10'250'700));
  split("shardId-0", "170141183460469231731687303715884105728");
  advance(seconds(1));
  EXPECT_THAT(filtered({{"Type", "AT_TIMESTAMP"}, {"Timestamp", kStartSecond + 10.251}}),
              ElementsAre(1, 2));
  EXPECT_THAT(filtered({{"Type", "AT_TIMESTAMP"}, {"Timestamp", kStartSecond + 10.249}}),
              ElementsAre(0));
}

// As AT_TRIM_HORIZON: a young stream has its horizon at its beginning.
TEST_F(ListShardsTest, ATimeBeforeTheHorizonOfAYoungStreamIsItsBeginning) {
  create_stream("s", 2);
  EXPECT_THAT(at(-48 * 3600), ElementsAre(0, 1));
  EXPECT_THAT(at(-3600), testing::IsEmpty());
}

TEST_F(ReshardedListShardsTest, AnIdToBeginBehindGoesWithAFilterOfItsKindOnly) {
  const auto behind = [&](const Json& filter) {
    return list({{"StreamName", "s"},
                 {"ExclusiveStartShardId", "shardId-000000000001"},
                 {"ShardFilter", filter}});
  };
  EXPECT_THAT(behind({{"Type", "AT_LATEST"}}),
              RefusedAs("InvalidArgumentException",
                        "ExclusiveStartShardId and ShardFilter of type AT_LATEST cannot be "
                        "provided together."));
  EXPECT_THAT(numbers(behind({{"Type", "AFTER_SHARD_ID"}, {"ShardId", "shardId-000000000002"}})),
              ElementsAre(3, 4));
}

TEST_F(ReshardedListShardsTest, AClosedShardAgesOut) {
  advance(hours(25));
  EXPECT_THAT(numbers(list({{"StreamName", "s"}})), ElementsAre(1, 3, 4));
}

TEST_F(ReshardedListShardsTest, AFilterGoesOnThroughThePages) {
  const auto first =
      list({{"StreamName", "s"},
            {"MaxResults", 1},
            {"ShardFilter", {{"Type", "AT_TIMESTAMP"}, {"Timestamp", kStartSecond + 15}}}});
  EXPECT_THAT(numbers(first), ElementsAre(1));
  const auto second = list({{"NextToken", first["NextToken"]}});
  EXPECT_THAT(numbers(second), ElementsAre(2));
  EXPECT_FALSE(second.body.contains("NextToken"));
}

TEST_F(ListShardsTest, AFilterNeedsTheMemberOfItsType) {
  create_stream("s", 1);
  const auto refused = [&](const Json& filter, const std::string& text) {
    EXPECT_THAT(list({{"StreamName", "s"}, {"ShardFilter", filter}}),
                RefusedAs("InvalidArgumentException", text));
  };
  refused({{"Type", "AT_TIMESTAMP"}},
          "Timestamp must be provided for ShardFilter of type AT_TIMESTAMP.");
  refused({{"Type", "AFTER_SHARD_ID"}},
          "ShardId must be provided for ShardFilter of type AFTER_SHARD_ID.");
  refused({{"Type", "AT_LATEST"}, {"Timestamp", 0}},
          "Timestamp must not be provided for ShardFilter of type AT_LATEST.");
  refused({{"Type", "AT_LATEST"}, {"ShardId", "shardId-0"}},
          "ShardId must not be provided for ShardFilter of type AT_LATEST.");
}

TEST_F(ListShardsTest, AFilterLooksAtThePast) {
  create_stream("s", 1);
  EXPECT_THAT(list({{"StreamName", "s"},
                    {"ShardFilter", {{"Type", "AT_TIMESTAMP"}, {"Timestamp", kStartSecond + 1}}}}),
              RefusedAs("InvalidArgumentException", HasSubstr("future")));
}

TEST_F(ListShardsTest, AFilterHasAType) {
  EXPECT_THAT(list({{"StreamName", "s"}, {"ShardFilter", Json::object()}}),
              RefusedAs("ValidationException",
                        "1 validation error detected: Value null at 'shardFilter.type' failed to "
                        "satisfy constraint: Member must not be null"));
}

TEST_F(ListShardsTest, MaxResultsLiesBetween1And10000) {
  EXPECT_THAT(list({{"StreamName", "s"}, {"MaxResults", 0}}),
              RefusedAs("ValidationException", HasSubstr("Value '0' at 'maxResults'")));
  EXPECT_THAT(list({{"StreamName", "s"}, {"MaxResults", 10001}}),
              RefusedAs("ValidationException", HasSubstr("Value '10001' at 'maxResults'")));
}

class CreatingListShardsTest : public ListShardsTest {
 protected:
  CreatingListShardsTest()
      : ListShardsTest({.delays = {.create = seconds(1), .remove = seconds(1)}}) {}
};

TEST_F(CreatingListShardsTest, AStreamThatIsNotThereYetIsInUse) {
  call("CreateStream", {{"StreamName", "s"}, {"ShardCount", 1}});
  EXPECT_THAT(list({{"StreamName", "s"}}), RefusedAs("ResourceInUseException",
                                                     "Stream s under account 123456789012 not "
                                                     "ACTIVE, instead in state CREATING"));
}

TEST_F(CreatingListShardsTest, AStreamThatGoesIsInUse) {
  create_stream("s", 1);
  call("DeleteStream", {{"StreamName", "s"}});
  EXPECT_THAT(list({{"StreamName", "s"}}),
              RefusedAs("ResourceInUseException", HasSubstr("instead in state DELETING")));
}

}  // namespace
}  // namespace hydrant::kinesis
