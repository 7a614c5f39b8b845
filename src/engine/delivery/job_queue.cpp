#include "engine/delivery/job_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hydrant::delivery {

using State = BatchJob::State;

std::vector<JobQueue::Job> JobQueue::push(Barrier barrier) {
  std::vector<Job> retried;
  for (auto* line : {&started_, &waiting_}) {
    for (const Head& head : *line) {
      if (head.job == nullptr) continue;
      head.job->hurried = true;
      if (head.job->state != State::backing_off) continue;
      head.job->state = State::running;
      retried.push_back(head.job);
    }
  }
  waiting_.push_back({nullptr, std::move(barrier)});
  return retried;
}

void JobQueue::push_behind(const BatchJob& job, Job rest) {
  const auto at =
      std::ranges::find(started_, &job, [](const Head& head) { return head.job.get(); });
  rest->hurried = job.hurried;
  started_.insert(std::next(at), {std::move(rest), nullptr});
  ++rests_;
}

JobQueue::Job JobQueue::start_rest() {
  const auto is_rest = [](const Head& head) {
    return head.job != nullptr && head.job->state == State::waiting;
  };
  const Job& rest = std::ranges::find_if(started_, is_rest)->job;
  --rests_;
  ++in_flight_;
  rest->state = State::running;
  return rest;
}

JobQueue::Job JobQueue::start_next(bool held) {
  if (rests_ > 0 && !held && in_flight_ < in_flight_max_) return start_rest();
  while (!waiting_.empty()) {
    const bool is_job = waiting_.front().job != nullptr;
    const bool full = in_flight_ >= in_flight_max_;
    if (is_job && (held || full)) return nullptr;
    started_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    if (!is_job) continue;
    ++in_flight_;
    started_.back().job->state = State::running;
    return started_.back().job;
  }
  return nullptr;
}

void JobQueue::finished(BatchJob& job) {
  job.state = State::finished;
  --in_flight_;
}

std::optional<JobQueue::Head> JobQueue::pop_finished() {
  if (started_.empty()) return std::nullopt;
  const Head& head = started_.front();
  if (head.job != nullptr && head.job->state != State::finished) return std::nullopt;
  Head popped = std::move(started_.front());
  started_.pop_front();
  return popped;
}

std::vector<JobQueue::Job> JobQueue::clear() {
  std::vector<Job> jobs;
  for (auto* line : {&started_, &waiting_}) {
    for (Head& head : *line)
      if (head.job != nullptr) jobs.push_back(std::move(head.job));
    line->clear();
  }
  in_flight_ = 0;
  rests_ = 0;
  return jobs;
}

void JobQueue::for_each(const std::function<void(const BatchJob&)>& visit) const {
  for (const auto* line : {&started_, &waiting_}) {
    for (const Head& head : *line)
      if (head.job != nullptr) visit(*head.job);
  }
}

}  // namespace hydrant::delivery
