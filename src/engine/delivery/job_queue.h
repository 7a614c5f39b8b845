// The batches of a delivery stream that are worked on, in the order in which they were cut: they
// may be done in any order but leave in this one. A flush stands in the same line as a barrier. Not
// thread-safe: the delivery stream's mutex guards it.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/delivery/flush_call.h"
#include "engine/delivery/outcome.h"
#include "engine/delivery/plan.h"

namespace hydrant::delivery {

// The two things that records may be waiting for, in this order: what is done here, and the
// function.
enum class Step { intake, lambda };

// `attempts` and `outcome` belong to the one task that works on the job; the rest is guarded.
struct BatchJob {
  enum class State { waiting, running, backing_off, finished };

  Step step = Step::intake;
  SourceBatch batch;
  PlanPtr plan;               // as it was when the batch was cut
  std::string invocation_id;  // Step::lambda only
  std::int32_t attempts = 0;
  Outcome outcome;

  State state = State::waiting;
  bool hurried = false;  // a flush waits for it: no back-off
  std::optional<Clock::TimerId> timer;
};

class JobQueue {
 public:
  // `in_flight_max`: jobs that are worked on at once.
  explicit JobQueue(std::size_t in_flight_max) : in_flight_max_(in_flight_max) {}
  using Job = std::shared_ptr<BatchJob>;
  using Barrier = std::shared_ptr<FlushCall>;

  void push(Job job) { waiting_.push_back({std::move(job), nullptr}); }
  // Everything before it is wanted now. Returns the jobs that were waiting to be retried: they are
  // running from here on, and the caller sees to that.
  std::vector<Job> push(Barrier barrier);

  // What is left of a started job: it waits in its place, right behind it.
  void push_behind(const BatchJob& job, Job rest);

  // A job that may start now, in state running; null: none, or enough are under way, or none may
  // start because they are held.
  Job start_next(bool held);
  bool has_waiting() const { return rests_ > 0 || !waiting_.empty(); }
  std::size_t in_flight() const { return in_flight_; }
  void finished(BatchJob& job);

  // The head of the line, if it has been answered or is a barrier; one of the two is set.
  struct Head {
    Job job;
    Barrier barrier;
  };
  std::optional<Head> pop_finished();

  std::vector<Job> clear();  // all that were in it
  void for_each(const std::function<void(const BatchJob&)>& visit) const;
  bool empty() const { return started_.empty() && waiting_.empty(); }

 private:
  Job start_rest();

  const std::size_t in_flight_max_;
  std::deque<Head> started_;  // running, backing off, finished; and rests, which wait
  std::deque<Head> waiting_;
  std::size_t in_flight_ = 0;
  std::size_t rests_ = 0;
};

}  // namespace hydrant::delivery
