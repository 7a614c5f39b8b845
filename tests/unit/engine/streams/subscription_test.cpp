#include "engine/streams/subscription.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace hydrant::streams {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimePoint kStart{seconds(1'767'225'600)};

class SubscriptionTest : public testing::Test {
 protected:
  void limit_to(const ThrottleSettings& throttle) { throttle_ = throttle; }

  std::shared_ptr<Stream> make_stream() {
    auto stream = std::make_shared<Stream>(
        StreamId{"123456789012", "us-east-1", "s"}, StreamSettings{}, 1,
        StreamEnvironment{service_clock_, memory_, throttle_, &wire_clock_});
    stream->set_status(Status::active);
    return stream;
  }
  void put(const std::string& data) {
    const NewRecord record{data, "k", HashKey{}};
    Placement placement;
    stream_->append({&record, 1}, {&placement, 1});
    ASSERT_TRUE(placement.placed);
  }
  std::shared_ptr<Subscription> subscribe(std::uint64_t position = 0) {
    auto subscription = std::make_shared<Subscription>(stream_, stream_->shard(0), position);
    subscription->start([this] { ++wakes_; });
    return subscription;
  }
  // Which records come now, each event ended by a bar; or why there is an end.
  static std::string delivered(Subscription& subscription) {
    std::string text;
    for (;;) {
      const auto next = subscription.next();
      if (std::holds_alternative<NothingYet>(next)) return text;
      if (const auto* why = std::get_if<SubscriptionEnd>(&next))
        return text + "end " + std::to_string(static_cast<int>(*why));
      for (const auto& record : std::get<Event>(next).read.records) text += record.data;
      text += "|";
    }
  }
  static std::string ended(SubscriptionEnd why) {
    return "end " + std::to_string(static_cast<int>(why));
  }

  VirtualClock service_clock_{kStart};
  VirtualClock wire_clock_{kStart};
  MemoryBudget memory_{std::int64_t{1} << 30};
  ThrottleSettings throttle_{.enabled = false};
  std::shared_ptr<Stream> stream_ = make_stream();
  int wakes_ = 0;
};

TEST_F(SubscriptionTest, TheFirstEventComesAtOnceAndMayBeEmpty) {
  EXPECT_EQ(delivered(*subscribe()), "|");
}

TEST_F(SubscriptionTest, RecordsThatWereThereComeInOneEvent) {
  put("a");
  put("b");
  EXPECT_EQ(delivered(*subscribe()), "ab|");
}

TEST_F(SubscriptionTest, ARecordWakesWhoWaitsForIt) {
  const auto subscription = subscribe();
  delivered(*subscription);
  put("a");
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(delivered(*subscription), "a|");
}

TEST_F(SubscriptionTest, AnIdleSubscriptionBeatsEveryFiveSeconds) {
  const auto subscription = subscribe();
  delivered(*subscription);
  wire_clock_.advance(milliseconds(4999));
  EXPECT_EQ(wakes_, 0);
  wire_clock_.advance(milliseconds(1));
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(delivered(*subscription), "|");
}

// The alarm was set for the time of an earlier event.
TEST_F(SubscriptionTest, ARecordPutsTheHeartbeatOff) {
  const auto subscription = subscribe();
  delivered(*subscription);
  wire_clock_.advance(seconds(3));
  put("a");
  EXPECT_EQ(delivered(*subscription), "a|");
  wire_clock_.advance(seconds(2));
  EXPECT_EQ(delivered(*subscription), "");
  wire_clock_.advance(seconds(3));
  EXPECT_EQ(delivered(*subscription), "|");
}

TEST_F(SubscriptionTest, HeartbeatsKeepToTheRealClock) {
  const auto subscription = subscribe();
  delivered(*subscription);
  service_clock_.advance(minutes(2));
  EXPECT_EQ(delivered(*subscription), "");
}

TEST_F(SubscriptionTest, ItEndsFiveMinutesAfterItBegan) {
  const auto subscription = subscribe();
  delivered(*subscription);
  service_clock_.advance(seconds(299));
  EXPECT_EQ(wakes_, 0);
  service_clock_.advance(seconds(1));
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(delivered(*subscription), ended(SubscriptionEnd::expired));
}

TEST_F(SubscriptionTest, AnEventHoldsAMebibyteOrOneRecord) {
  const std::string half(kMiB / 2, 'x'), large(3 * kMiB, 'y');
  put(half);
  put(half);
  put("a");
  put(large);
  put("b");
  EXPECT_EQ(delivered(*subscribe()), half + half + "|a|" + large + "|b|");
}

TEST_F(SubscriptionTest, TwoMebibytesASecondArePaced) {
  limit_to({.enabled = true});
  stream_ = make_stream();
  stream_->shard(0)->set_limits({.enabled = false}, 10 * kMiB, kStart);
  const std::string record(kMiB - 1, 'x');  // with its key a MiB
  for (int i = 0; i < 5; ++i) put(record);
  const auto subscription = subscribe();
  EXPECT_EQ(delivered(*subscription), record + "|" + record + "|");
  wire_clock_.advance(milliseconds(1));
  EXPECT_EQ(delivered(*subscription), record + "|");
  wire_clock_.advance(milliseconds(499));
  EXPECT_EQ(delivered(*subscription), "");
  wire_clock_.advance(milliseconds(2));
  EXPECT_EQ(delivered(*subscription), record + "|");
  EXPECT_GT(wakes_, 0);
}

TEST_F(SubscriptionTest, ItContinuesBehindTheLastRecordThatWasDelivered) {
  put("a");
  put("b");
  const auto subscription = subscribe();
  const auto next = subscription->next();
  const auto& event = std::get<Event>(next);
  EXPECT_EQ(event.continuation, event.read.records.back().number);
}

TEST_F(SubscriptionTest, BeforeAnyRecordItContinuesWhereItBegan) {
  const auto next = subscribe()->next();
  EXPECT_EQ(std::get<Event>(next).continuation, stream_->shard(0)->starting_number());
  put("a");
  put("b");
  const auto at_second = subscribe(2)->next();
  const auto& event = std::get<Event>(at_second);
  EXPECT_THAT(event.read.records, testing::SizeIs(1));
  const auto at_tip = subscribe(3)->next();
  EXPECT_THAT(std::get<Event>(at_tip).read.records, IsEmpty());
  EXPECT_EQ(std::get<Event>(at_tip).continuation.index, 2U);
}

TEST_F(SubscriptionTest, AClosedShardEndsItBehindItsLastRecord) {
  put("a");
  const auto subscription = subscribe();
  delivered(*subscription);
  stream_->split(0, HashKey(1000));
  EXPECT_EQ(wakes_, 1);
  const auto next = subscription->next();
  EXPECT_TRUE(std::get<Event>(next).read.at_end);
  EXPECT_EQ(delivered(*subscription), ended(SubscriptionEnd::shard_end));
}

TEST_F(SubscriptionTest, ADeletedStreamEndsIt) {
  const auto subscription = subscribe();
  delivered(*subscription);
  stream_->retire();
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(delivered(*subscription), ended(SubscriptionEnd::stream_gone));
}

TEST_F(SubscriptionTest, WhatIsGoneIsNotWoken) {
  subscribe();
  put("a");
  service_clock_.advance(minutes(10));
  wire_clock_.advance(minutes(10));
  EXPECT_EQ(wakes_, 0);
}

class SubscriptionTableTest : public SubscriptionTest {
 protected:
  using Verdict = SubscriptionTable::Verdict;
  SubscriptionTable table_{{.enabled = true}};
};

TEST_F(SubscriptionTableTest, ASecondOneWithinFiveSecondsIsRefused) {
  const auto first = subscribe();
  EXPECT_EQ(table_.enter(first, kStart), Verdict::granted);
  EXPECT_EQ(table_.enter(subscribe(), kStart + milliseconds(4999)), Verdict::held);
  EXPECT_EQ(delivered(*first), "|");
}

TEST_F(SubscriptionTableTest, AfterFiveSecondsTheLaterOneTakesOver) {
  const auto first = subscribe(), second = subscribe();
  table_.enter(first, kStart);
  EXPECT_EQ(table_.enter(second, kStart + seconds(5)), Verdict::granted);
  EXPECT_EQ(delivered(*first), ended(SubscriptionEnd::taken_over));
  EXPECT_EQ(delivered(*second), "|");
}

// The service counts from the call that was granted, whether its client is still there or not.
TEST_F(SubscriptionTableTest, OneWhoseClientHasGoneIsHeldForFiveSecondsToo) {
  table_.enter(subscribe(), kStart);
  EXPECT_EQ(table_.enter(subscribe(), kStart + seconds(2)), Verdict::held);
}

TEST_F(SubscriptionTableTest, OneCallASecondIsTaken) {
  table_.enter(subscribe(), kStart);
  EXPECT_EQ(table_.enter(subscribe(), kStart + milliseconds(4500)), Verdict::held);
  EXPECT_EQ(table_.enter(subscribe(), kStart + milliseconds(5000)), Verdict::too_often);
  EXPECT_EQ(table_.enter(subscribe(), kStart + milliseconds(6000)), Verdict::granted);
}

TEST_F(SubscriptionTableTest, AConsumerThatIsDeregisteredEndsThemAll) {
  const auto first = subscribe();
  table_.enter(first, kStart);
  EXPECT_EQ(table_.active(), 1U);
  table_.end_all(SubscriptionEnd::consumer_gone);
  EXPECT_EQ(delivered(*first), ended(SubscriptionEnd::consumer_gone));
}

}  // namespace
}  // namespace hydrant::streams
