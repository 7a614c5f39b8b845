#include "engine/streams/sequence_number.h"

#include <gmock/gmock.h>

#include <string>

#include "core/random.h"

namespace hydrant::streams {

void PrintTo(const SequenceNumber& number, std::ostream* out) {
  *out << "created " << number.created_s << " index " << number.index << " time " << number.time_s
       << " shard " << number.shard;
}

namespace {

// 2026-01-01T00:00:00Z
constexpr std::int64_t kCreated = 1'767'225'600;

TEST(SequenceNumberTest, AShardStartsAtIndexZero) {
  EXPECT_EQ((SequenceNumber{kCreated, 0, kCreated, 0}.str()),
            "49670424472731169861061894383142885425265240724400504834");
  EXPECT_EQ((SequenceNumber{kCreated, 0, kCreated, 1}.str()),
            "49670424472753470606260425006284421143537889085906485266");
  EXPECT_EQ((SequenceNumber{kCreated, 0, kCreated, 2}.str()),
            "49670424472775771351458955629425956861810537447412465698");
}

TEST(SequenceNumberTest, TheSixteenthShardSharesItsNibbleWithTheFirst) {
  EXPECT_EQ((SequenceNumber{kCreated, 0, kCreated, 17}.str()),
            "49670424472753470606260425006284421143537889085906485522");
}

TEST(SequenceNumberTest, ARecordHasItsIndexAndItsSecond) {
  EXPECT_EQ((SequenceNumber{kCreated, 1, kCreated + 10, 0}.str()),
            "49670424472731169861061894383144094351084856040769978370");
}

TEST(SequenceNumberTest, AClosedShardEndsAtTheGreatestIndex) {
  EXPECT_EQ((SequenceNumber{kCreated, SequenceNumber::kIndexMax, kCreated + 60, 0}.str()),
            "49670424472742320233661159694712444358581954399147393026");
  EXPECT_EQ((SequenceNumber{kCreated + 61, 0, kCreated + 61, 3}.str()),
            "49670424494563599410423374438706353614187990830643413042");
}

TEST(SequenceNumberTest, RealNumbersAreRead) {
  EXPECT_EQ(SequenceNumber::parse("49674026002850188218576229259473476449429298564223254594"),
            (SequenceNumber{0x69efbd45, 21'689'507'110, 0x69efc052, 3076}));
  EXPECT_EQ(SequenceNumber::parse("49594189147623985939251953501666965394405037144469929986"),
            (SequenceNumber{0x5c9993c8, 195, 0x5c9993df, 0}));
  EXPECT_EQ(SequenceNumber::parse("49543463076548007577105092703039560359975228518395019266"),
            (SequenceNumber{1'411'403'981, 5501, 1'411'431'220, 0}));
}

TEST(SequenceNumberTest, ReadingIsTheInverseOfWriting) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    const SequenceNumber number{static_cast<std::int64_t>(random.next() % 16'000'000'000),
                                random.next() & SequenceNumber::kIndexMax,
                                static_cast<std::int64_t>(random.next() % 16'000'000'000),
                                static_cast<std::int32_t>(random.next())};
    const auto text = number.str();
    ASSERT_EQ(text.size(), SequenceNumber::kDigits);
    ASSERT_EQ(SequenceNumber::parse(text), number) << text;
  }
}

TEST(SequenceNumberTest, TheTextSortsAsTheNumbersOfAShardDo) {
  const auto text = [](std::uint64_t index, std::int64_t time) {
    return SequenceNumber{kCreated, index, time, 5}.str();
  };
  EXPECT_LT(text(0, kCreated), text(1, kCreated));
  EXPECT_LT(text(1, kCreated + 100), text(2, kCreated + 100));
  EXPECT_LT(text(9, kCreated + 100), text(10, kCreated + 50));
  EXPECT_LT(text(1'000'000, kCreated), text(SequenceNumber::kIndexMax, kCreated));
}

TEST(SequenceNumberTest, ASmallNumberIsOfVersionZeroAndEncodesItselfAsShard) {
  EXPECT_EQ(SequenceNumber::parse("5"), (SequenceNumber{0, 0, 0, 5}));
  EXPECT_EQ(SequenceNumber::parse("0"), (SequenceNumber{0, 0, 0, 0}));
}

TEST(SequenceNumberTest, AShardMayBeNegative) {
  EXPECT_EQ(
      SequenceNumber::parse("49039857307708443467467104868809893875799651944235008002")->shard,
      INT32_MIN);
}

TEST(SequenceNumberTest, OtherVersionsAreNone) {
  for (const auto* text : {"49039857307708443467467104868809893875799651909875269632",
                           "49039857307708443467467104868809893875799651909875269635",
                           "49039857307708443467467104868809893875799651909875269636"})
    EXPECT_FALSE(SequenceNumber::parse(text)) << text;
}

TEST(SequenceNumberTest, AnotherLeadingDigitIsNone) {
  for (const auto* text : {"73559785961562665201200657303214840813699477864812904449",
                           "26227199374822427428162556223570313216"})
    EXPECT_FALSE(SequenceNumber::parse(text)) << text;
}

TEST(SequenceNumberTest, AnIndexWithItsTopBitIsNone) {
  EXPECT_FALSE(SequenceNumber::parse("49039857307719593840066370180380661734935976090628259842"));
}

TEST(SequenceNumberTest, ATimeFarAheadIsNone) {
  constexpr std::int64_t kTooLate = 16'025'175'000;
  EXPECT_TRUE(SequenceNumber::parse(SequenceNumber{kCreated, 1, kTooLate - 1, 0}.str()));
  EXPECT_FALSE(SequenceNumber::parse(SequenceNumber{kCreated, 1, kTooLate, 0}.str()));
  EXPECT_FALSE(SequenceNumber::parse(SequenceNumber{kTooLate, 1, kCreated, 0}.str()));
}

TEST(SequenceNumberTest, WhatIsNoNumberIsNone) {
  for (const std::string text : {"", "-5", "+5", "5.0", " 5", "five"})
    EXPECT_FALSE(SequenceNumber::parse(text)) << text;
  EXPECT_FALSE(SequenceNumber::parse(std::string(129, '9')));
}

TEST(ShardIdTest, TwelveDigitsAreWritten) {
  EXPECT_EQ(shard_id(0), "shardId-000000000000");
  EXPECT_EQ(shard_id(INT32_MAX), "shardId-002147483647");
  EXPECT_EQ(shard_id(INT32_MIN), "shardId--02147483648");
}

TEST(ShardIdTest, TheTextBehindTheFirstDashIsRead) {
  EXPECT_EQ(parse_shard_id("shardId-000000000003"), 3);
  EXPECT_EQ(parse_shard_id("3"), 3);
  EXPECT_EQ(parse_shard_id("-003"), 3);
  EXPECT_EQ(parse_shard_id("any.thing-2147483647"), INT32_MAX);
}

TEST(ShardIdTest, WhatIsNoNumberUpToTheGreatestIsNone) {
  for (const std::string text : {"", "shardId-", "2147483648", "a-2147483648", "a--1", "a-1-2",
                                 "ABC", "-99999999999999999999"})
    EXPECT_FALSE(parse_shard_id(text)) << text;
}

}  // namespace
}  // namespace hydrant::streams
