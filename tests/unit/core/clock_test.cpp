#include "core/clock.h"

#include <gmock/gmock.h>

#include <future>
#include <string>
#include <vector>

namespace hydrant {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimePoint kStart{seconds(1000)};

class VirtualClockTest : public testing::Test {
 protected:
  // Writes a word down when its time has come.
  Clock::TimerId note(TimePoint deadline, const std::string& word) {
    return clock_.at(deadline, [this, word] { notes_.push_back(word); });
  }

  VirtualClock clock_{kStart};
  std::vector<std::string> notes_;
};

TEST_F(VirtualClockTest, ItStandsStillUntilItIsAdvanced) {
  EXPECT_EQ(clock_.now(), kStart);
  clock_.advance(seconds(3));
  EXPECT_EQ(clock_.now(), kStart + seconds(3));
}

TEST_F(VirtualClockTest, ATaskRunsAtItsDeadlineAndNotBefore) {
  note(kStart + seconds(5), "due");
  clock_.advance(seconds(5) - microseconds(1));
  EXPECT_THAT(notes_, IsEmpty());
  clock_.advance(microseconds(1));
  EXPECT_THAT(notes_, ElementsAre("due"));
}

TEST_F(VirtualClockTest, TasksRunByDeadlineAndThenByAge) {
  note(kStart + seconds(2), "later");
  note(kStart + seconds(1), "first");
  note(kStart + seconds(1), "second");
  clock_.advance(hours(1));
  EXPECT_THAT(notes_, ElementsAre("first", "second", "later"));
}

TEST_F(VirtualClockTest, ATaskSeesItsDeadlineAsTheTime) {
  TimePoint seen;
  clock_.at(kStart + seconds(2), [&] { seen = clock_.now(); });
  clock_.advance(hours(1));
  EXPECT_EQ(seen, kStart + seconds(2));
}

TEST_F(VirtualClockTest, ATaskOfThePastRunsOnTheNextAdvanceAndTimeStays) {
  TimePoint seen;
  clock_.at(kStart - seconds(9), [&] { seen = clock_.now(); });
  clock_.advance(Duration{0});
  EXPECT_EQ(seen, kStart);
}

TEST_F(VirtualClockTest, WhatATaskArmsInsideTheIntervalRunsToo) {
  clock_.at(kStart + seconds(1), [this] {
    note(clock_.now() + seconds(1), "inside");
    note(clock_.now() + seconds(10), "outside");
  });
  clock_.advance(seconds(5));
  EXPECT_THAT(notes_, ElementsAre("inside"));
}

TEST_F(VirtualClockTest, ATaskThatArmsItselfRunsEverySecond) {
  std::function<void()> again = [&] {
    notes_.push_back("tick");
    clock_.at(clock_.now() + seconds(1), again);
  };
  again();
  clock_.advance(seconds(3));
  EXPECT_THAT(notes_, ElementsAre("tick", "tick", "tick", "tick"));
}

TEST_F(VirtualClockTest, ACancelledTaskDoesNotRun) {
  const auto id = note(kStart + seconds(1), "cancelled");
  EXPECT_TRUE(clock_.cancel(id));
  clock_.advance(seconds(2));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(VirtualClockTest, WhatHasRunCannotBeCancelled) {
  const auto id = note(kStart + seconds(1), "ran");
  clock_.advance(seconds(1));
  EXPECT_FALSE(clock_.cancel(id));
}

TEST_F(VirtualClockTest, WhatRunsNowCannotBeCancelled) {
  Clock::TimerId id = 0;
  bool cancelled = true;
  id = clock_.at(kStart + seconds(1), [&] { cancelled = clock_.cancel(id); });
  clock_.advance(seconds(1));
  EXPECT_FALSE(cancelled);
}

TEST_F(VirtualClockTest, AnIdIsNeverZero) { EXPECT_NE(note(kStart, "x"), 0U); }

TEST_F(VirtualClockTest, WorkIsWaitedForBeforeTheFirstStepAndBehindEachDeadline) {
  note(kStart + seconds(1), "a");
  note(kStart + seconds(1), "b");
  note(kStart + seconds(2), "c");
  clock_.advance(seconds(3), [this] { notes_.push_back("settled"); });
  EXPECT_THAT(notes_, ElementsAre("settled", "a", "b", "settled", "c", "settled"));
}

TEST_F(VirtualClockTest, WhatTheWorkArmsInsideTheIntervalRunsToo) {
  bool armed = false;
  clock_.advance(seconds(3), [&] {
    if (!armed) note(kStart + seconds(2), "armed by work");
    armed = true;
  });
  EXPECT_THAT(notes_, ElementsAre("armed by work"));
}

TEST_F(VirtualClockTest, AnInterruptedAdvanceStopsBehindItsStep) {
  clock_.at(kStart + seconds(1), [this] { clock_.interrupt(); });
  note(kStart + seconds(2), "not reached");
  EXPECT_FALSE(clock_.advance(seconds(5)));
  EXPECT_EQ(clock_.now(), kStart + seconds(1));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(VirtualClockTest, AnInterruptionEndsOnlyTheAdvanceThatIsUnderWay) {
  clock_.interrupt();
  EXPECT_TRUE(clock_.advance(seconds(1)));
  EXPECT_EQ(clock_.now(), kStart + seconds(1));
}

TEST_F(VirtualClockTest, AnInterruptionMayCountFromBeforeTheAdvance) {
  const auto since = clock_.interruptions();
  EXPECT_TRUE(clock_.advance(
      seconds(1), [] {}, since));
  clock_.interrupt();
  EXPECT_FALSE(clock_.advance(
      seconds(1), [] {}, since));
  EXPECT_EQ(clock_.now(), kStart + seconds(1));
}

TEST(RealClockTest, ATaskWhoseDeadlineHasPassedRunsAtOnce) {
  RealClock clock;
  std::promise<void> ran;
  clock.at(clock.now() - hours(1), [&] { ran.set_value(); });
  ran.get_future().wait();
}

TEST(RealClockTest, TasksRunByDeadlineWhateverTheOrderInWhichTheyWereArmed) {
  RealClock clock(1000.0);
  std::promise<void> armed, done;
  std::vector<int> order;
  // The first task holds the clock's thread until the others are armed.
  clock.at(clock.now() - hours(1), [&] { armed.get_future().wait(); });
  const auto now = clock.now();
  clock.at(now + seconds(3), [&] {
    order.push_back(3);
    done.set_value();
  });
  clock.at(now + seconds(1), [&] { order.push_back(1); });
  clock.at(now + seconds(2), [&] { order.push_back(2); });
  armed.set_value();
  done.get_future().wait();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(RealClockTest, ATaskDoesNotRunBeforeItsDeadline) {
  RealClock clock(1000.0);
  const auto deadline = clock.now() + seconds(5);
  std::promise<TimePoint> ran;
  clock.at(deadline, [&] { ran.set_value(clock.now()); });
  EXPECT_GE(ran.get_future().get(), deadline);
}

TEST(RealClockTest, AnEarlierTaskDoesNotWaitForALaterOne) {
  RealClock clock;
  clock.at(clock.now() + hours(1), [] {});
  std::promise<void> ran;
  clock.at(clock.now(), [&] { ran.set_value(); });
  ran.get_future().wait();
}

TEST(RealClockTest, ACancelledTaskDoesNotRun) {
  RealClock clock(1000.0);
  bool ran = false;
  const auto deadline = clock.now() + seconds(2);
  const auto id = clock.at(deadline, [&] { ran = true; });
  EXPECT_TRUE(clock.cancel(id));
  std::promise<void> behind;
  clock.at(deadline + milliseconds(1), [&] { behind.set_value(); });
  behind.get_future().wait();
  EXPECT_FALSE(ran);
}

TEST(RealClockTest, PendingTasksAreDroppedWithTheClock) {
  bool ran = false;
  {
    RealClock clock;
    clock.at(clock.now() + hours(1), [&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST(RealClockTest, AStoppedClockStillTellsTheTime) {
  RealClock clock;
  clock.stop();
  const auto now = clock.now();
  EXPECT_GE(clock.now(), now);
}

TEST(TimeTest, EpochFieldsRoundTowardsThePast) {
  const TimePoint time{seconds(5) + microseconds(1999)};
  EXPECT_EQ(epoch_millis(time), 5001);
  EXPECT_EQ(epoch_seconds(time), 5);
  EXPECT_EQ(epoch_seconds(TimePoint{microseconds(-1)}), -1);
  EXPECT_EQ(epoch_millis(TimePoint{microseconds(-1)}), -1);
}

TEST(TimeTest, ATimeIsReadAndWrittenInUtc) {
  TimePoint time;
  ASSERT_TRUE(parse_utc("2026-01-01T00:00:00Z", time));
  EXPECT_EQ(epoch_seconds(time), 1'767'225'600);
  ASSERT_TRUE(parse_utc("2024-02-29T23:59:59.25Z", time));
  EXPECT_EQ(format_utc(time), "2024-02-29T23:59:59.250Z");
}

TEST(TimeTest, WhatIsNoTimeIsNotRead) {
  TimePoint time;
  for (const auto* text :
       {"", "Z", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00",
        "2026-01-01T00:00:00ZZ", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:nanZ", "2026-01-01T-1:00:00Z"})
    EXPECT_FALSE(parse_utc(text, time)) << text;
}

}  // namespace
}  // namespace hydrant
