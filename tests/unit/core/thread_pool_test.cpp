#include "core/thread_pool.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <system_error>

namespace hydrant {
namespace {

TEST(ThreadPoolTest, ItGrowsWhileEveryThreadIsBusy) {
  ThreadPool pool;
  std::latch together(8);  // passed only if all eight tasks run at the same time
  for (int i = 0; i < 8; ++i) pool.post([&] { together.arrive_and_wait(); });
  pool.wait_idle();
}

TEST(ThreadPoolTest, ItDoesNotGrowBeyondItsLimit) {
  std::atomic<int> running{0}, most{0};
  {
    ThreadPool pool(2);
    for (int i = 0; i < 200; ++i)
      pool.post([&] {
        const int now = ++running;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) continue;
        --running;
      });
    pool.wait_idle();
  }
  EXPECT_LE(most, 2);
}

TEST(ThreadPoolTest, WithoutAThreadToBeHadThereIsNoWorkAndNoneIsWaitedFor) {
  bool refusing = true;
  ThreadPool pool(8, [&](ThreadPool::Task task) {
    if (refusing) throw std::system_error(std::make_error_code(std::errc::no_such_process));
    ThreadPool::start_detached(std::move(task));
  });
  bool done = false;
  EXPECT_THROW(pool.post([] {}), std::system_error);
  pool.wait_idle();
  refusing = false;
  pool.post([&] { done = true; });
  pool.wait_idle();
  EXPECT_TRUE(done);
}

TEST(ThreadPoolTest, AThreadThatIsNotToBeHadLeavesTheWorkToTheOthers) {
  int started = 0;
  ThreadPool pool(8, [&](ThreadPool::Task task) {
    if (started++ > 0) throw std::system_error(std::make_error_code(std::errc::no_such_process));
    ThreadPool::start_detached(std::move(task));
  });
  std::promise<void> go_on;
  std::atomic<int> done{0};
  pool.post([&] { go_on.get_future().wait(), ++done; });
  pool.post([&] { ++done; });
  go_on.set_value();
  pool.wait_idle();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(started, 2);
}

TEST(ThreadPoolTest, WaitIdleReturnsWhenAllWorkIsDone) {
  ThreadPool pool;
  std::atomic<int> done{0};
  for (int i = 0; i < 100; ++i) pool.post([&] { ++done; });
  pool.wait_idle();
  EXPECT_EQ(done, 100);
}

TEST(ThreadPoolTest, WaitIdleWaitsForWorkThatWorkPosts) {
  ThreadPool pool;
  std::atomic<int> done{0};
  pool.post([&] {
    pool.post([&] {
      pool.post([&] { ++done; });
      ++done;
    });
    ++done;
  });
  pool.wait_idle();
  EXPECT_EQ(done, 3);
}

TEST(ThreadPoolTest, AWaiterMayWaitForTheWork) {
  ThreadPool pool;
  std::atomic<int> done{0};
  std::promise<int> seen;
  pool.post([&] { ++done; });
  pool.post_waiter([&] {
    pool.wait_idle();
    seen.set_value(done);
  });
  EXPECT_EQ(seen.get_future().get(), 1);
}

TEST(ThreadPoolTest, WhatIsQueuedRunsBeforeThePoolGoes) {
  std::atomic<int> done{0};
  {
    ThreadPool pool(1);
    for (int i = 0; i < 50; ++i) pool.post([&] { ++done; });
  }
  EXPECT_EQ(done, 50);
}

// A reader that holds a block, say: what a task holds is gone when the work counts as done.
TEST(ThreadPoolTest, WhatATaskHoldsIsReleasedBeforeItCountsAsDone) {
  ThreadPool pool;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  pool.post([held = std::move(held)] {});
  pool.wait_idle();
  EXPECT_TRUE(watch.expired());
}

TEST(ThreadPoolTest, AnIdlePoolIsIdleAtOnce) {
  ThreadPool pool;
  pool.wait_idle();
}

}  // namespace
}  // namespace hydrant
