// The work on batches: what is done here, and by the function; see delivery_stream.cpp.
#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/delivery/delivery_stream.h"
#include "engine/delivery/failure_record.h"
#include "engine/delivery/intake.h"
#include "engine/delivery/transform/invoke.h"

namespace hydrant::delivery {
namespace {

constexpr std::size_t kLoggedErrorsMax = 20;

std::uint64_t since(std::chrono::steady_clock::time_point began) {
  using std::chrono::milliseconds;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<milliseconds>(steady_now() - began).count());
}

}  // namespace

// 3. Batches are worked on.

void DeliveryStream::push_job(Step step, const PlanPtr& plan, SourceBatch batch) {
  auto job = std::make_shared<BatchJob>();
  job->step = step;
  job->batch = std::move(batch);
  job->plan = plan;
  if (step == Step::lambda) job->invocation_id = env_.random.uuid();
  line(step).jobs.push(std::move(job));
  start_jobs(step);
}

void DeliveryStream::start_jobs(Step step) {
  while (true) {
    const bool held = step == Step::lambda ? holds_ > 0 : waits_for_room();
    Job job = line(step).jobs.start_next(held);
    if (job == nullptr) return;
    post(std::move(job));
  }
}

// Decompression makes much of little, which is only begun while the memory has room, or once
// nothing else here could make some. What is here already is sent on its way for that.
bool DeliveryStream::waits_for_room() {
  const JobQueue& jobs = line(Step::intake).jobs;
  if (!plan_->processing().decompression || env_.memory.has_room(1) || !jobs.has_waiting())
    return false;
  cut(Step::lambda);
  for (const SlotPtr& slot : slots_.all()) {
    cut(slot);
    slots_.forget_if_inactive(*slot);
  }
  if (jobs.in_flight() > 0) return true;
  const auto is_written = [](const Outbox& outbox) {
    return outbox.state == Outbox::State::writing;
  };
  // A flush comes to the function behind the jobs, and does not wait for a write that has failed.
  if (!flushes_.empty()) return std::ranges::any_of(outboxes_, is_written);
  return !line(Step::lambda).jobs.empty() || !std::ranges::all_of(outboxes_, &Outbox::empty);
}

void DeliveryStream::resume_intake() {
  start_jobs(Step::intake);
  join_finished(Step::intake);
}

void DeliveryStream::post(Job job) {
  env_.pool.post([self = shared_from_this(), job = std::move(job)] {
    if (job->step == Step::intake) {
      self->take_in(job);
    } else {
      self->attempt(job);
    }
  });
}

void DeliveryStream::take_in(const Job& job) {
  job->outcome = delivery::take_in(
      job->batch, *job->plan,
      {.attempts = 1, .ended = env_.clock.now(), .style = env_.failure_record_style}, env_.memory,
      *env_.blocks);
  {
    MutexLock lock(mutex_);
    if (status_ == DeliveryStatus::deleted) return;
    if (job->outcome.records_in < job->batch.entries.size()) put_back_rest(*job);
  }
  job->batch.memory = Reservation();
  finish_job(job);
}

void DeliveryStream::put_back_rest(BatchJob& job) {
  auto rest = std::make_shared<BatchJob>();
  rest->step = job.step;
  rest->plan = job.plan;
  rest->batch = job.batch.cut_behind(job.outcome.records_in);
  line(job.step).jobs.push_behind(job, std::move(rest));
}

void DeliveryStream::attempt(const Job& job) {
  const Plan& plan = *job->plan;
  const transform::RecordIds ids(job->batch, source_type_);
  const transform::Call call{job->batch, plan, job->invocation_id};
  const auto began = steady_now();
  const transform::Attempt result = transform::invoke(call, ids, env_.find_function);
  const std::uint64_t took_ms = since(began);
  const TimePoint now = env_.clock.now();
  ++job->attempts;
  if (!result.response)
    env_.logger->warn("delivery_stream={} invocation={} function={} attempt={} error={}", id_.name,
                      job->invocation_id, plan.processing().lambda->arn, job->attempts,
                      failure_code(result.failure));
  {
    MutexLock lock(mutex_);
    if (status_ == DeliveryStatus::deleted) return;
    counters_.execute_processing_duration += took_ms;
    ++(result.response ? counters_.execute_processing_success
                       : counters_.execute_processing_failure);
    if (!result.response)
      transform_error_ = LastError{std::string(failure_code(result.failure)), now};
    const auto retries = plan.processing().lambda->number_of_retries;
    if (!result.response && result.retried && job->attempts <= retries) return retry_later(job);
  }
  job->outcome = transform::conclude(
      call, ids, result,
      {.attempts = job->attempts, .ended = now, .style = env_.failure_record_style}, env_.memory,
      *env_.blocks);
  job->batch.memory = Reservation();
  env_.logger->info(
      "delivery_stream={} invocation={} records={} delivered={} dropped={} failed={} attempts={}",
      id_.name, job->invocation_id, job->batch.entries.size(),
      job->outcome.delivered.entries.size(), job->outcome.dropped, job->outcome.failed_records(),
      job->attempts);
  finish_job(job);
}

void DeliveryStream::retry_later(const Job& job) {
  if (job->hurried) return post(job);
  job->state = BatchJob::State::backing_off;
  const TimePoint due = env_.clock.now() + transform::back_off(job->attempts);
  job->timer = env_.clock.at(due, [weak = weak_from_this(), job_weak = std::weak_ptr(job)] {
    const auto self = weak.lock();
    const auto waiting = job_weak.lock();
    if (self != nullptr && waiting != nullptr) self->retry_due(waiting);
  });
}

void DeliveryStream::retry_due(const Job& job) {
  MutexLock lock(mutex_);
  if (job->state != BatchJob::State::backing_off) return;  // a flush has it already
  job->state = BatchJob::State::running;
  job->timer.reset();
  post(job);
}

void DeliveryStream::finish_job(const Job& job) {
  log_events(*job->plan, false, job->outcome.events);
  MutexLock lock(mutex_);
  if (status_ == DeliveryStatus::deleted) return;
  line(job->step).jobs.finished(*job);
  start_jobs(job->step);
  join_finished(job->step);
  resume_intake();
}

void DeliveryStream::join_finished(Step step) {
  while (auto head = line(step).jobs.pop_finished()) {
    if (head->job != nullptr) {
      join(*head->job);
    } else if (step == Step::intake) {
      pass_intake(head->barrier);
    } else {
      pass_function(*head->barrier);
    }
  }
}

// 4. Results join the line of the function, or the slots of the destination.

void DeliveryStream::join(BatchJob& job) {
  tally(job);
  if (!job.outcome.for_lambda.entries.empty()) hand_to_function(job);
  join_delivered(job);
  join_failed(job);
  for (Payload* bytes :
       {&job.batch.bytes, &job.outcome.delivered.bytes, &job.outcome.for_lambda.bytes})
    env_.blocks->give(std::move(*bytes));
}

void DeliveryStream::tally(const BatchJob& job) {
  const Outcome& outcome = job.outcome;
  counters_.dropped_records += outcome.dropped + outcome.control_messages;
  counters_.added_records += outcome.added_records;
  counters_.empty_records += outcome.empty_records;
  counters_.jq_processing_duration += outcome.query_us;
  counters_.output_decompressed_records += outcome.decompressed_records;
  counters_.output_decompressed_bytes += outcome.decompressed_bytes;
  constexpr auto kDecompression = static_cast<std::size_t>(ErrorOutput::decompression_failed);
  counters_.failed_decompressed_records += outcome.failed[kDecompression].entries.size();
  if (job.step == Step::intake) return;
  counters_.succeed_processing_records += outcome.delivered.entries.size() + outcome.dropped;
  counters_.succeed_processing_bytes += outcome.delivered.bytes.size();
  counters_.failed_processing_records += outcome.failed_records();
}

void DeliveryStream::hand_to_function(BatchJob& job) {
  SourceBatch& batch = job.outcome.for_lambda;
  if (job.plan->processing().lambda != plan_->processing().lambda) {
    // The function has been changed since: these go to the one they came for.
    cut(Step::lambda);
    batch.memory = std::move(job.outcome.memory);
    return push_job(Step::lambda, job.plan, std::move(batch));
  }
  for (std::size_t i = 0; i < batch.entries.size(); ++i) {
    const IncomingRecord record = batch.record(i);
    const auto cost = record.data.size() + record.partition_key.size() + sizeof(SourceBatch::Entry);
    collect(Step::lambda, record, job.outcome.memory.split(static_cast<std::int64_t>(cost)));
  }
}

void DeliveryStream::join_delivered(BatchJob& job) {
  Outcome& outcome = job.outcome;
  const RecordList& list = outcome.delivered;
  std::vector<SlotPtr> partitions;
  for (const auto& keys : outcome.partitions)
    partitions.push_back(slots_.partition(job.plan, keys, env_.active_partitions_max));
  const bool partitioned = job.plan->has_partitions();
  std::vector<std::size_t> refused;
  for (std::size_t i = 0; i < list.entries.size(); ++i) {
    const auto& entry = list.entries[i];
    const SlotPtr& slot = partitioned ? partitions[entry.partition] : slots_.data();
    if (slot == nullptr) {
      refused.push_back(i);
      continue;
    }
    const std::string_view data = list.data(i);
    add(slot, data, {}, entry.arrival,
        outcome.memory.split(static_cast<std::int64_t>(data.size())));
  }
  for (const SlotPtr& slot : partitions)
    if (slot != nullptr) slots_.forget_if_inactive(*slot);
  if (!refused.empty()) refuse_partition(job, refused);
}

void DeliveryStream::refuse_partition(const BatchJob& job,
                                      const std::vector<std::size_t>& refused) {
  constexpr Failure kFailure = Failure::active_partitions_limit;
  const RecordList& list = job.outcome.delivered;
  const SlotPtr& errors = slots_.errors(error_output_of(kFailure));
  const auto& delimiter = job.plan->processing().append_delimiter;
  for (const std::size_t i : refused) {
    // Keys come before the delimiter in the service's order: it was not appended yet.
    std::string_view data = list.data(i);
    if (delimiter) data.remove_suffix(delimiter->size());
    const std::string line = failure_json({.failure = kFailure,
                                           .attempts = std::max(job.attempts, 1),
                                           .arrival = list.entries[i].arrival,
                                           .attempt_ended = env_.clock.now(),
                                           .raw_data = data,
                                           .lambda_arn = {}},
                                          env_.failure_record_style);
    add(errors, line, {}, list.entries[i].arrival,
        Reservation::force(env_.memory, static_cast<std::int64_t>(line.size())));
  }
  counters_.partition_count_exceeded += refused.size();
  env_.pool.post([self = shared_from_this(), plan = job.plan] {
    self->log_events(
        *plan, false,
        {{std::string(failure_code(kFailure)), std::string(failure_message(kFailure))}});
  });
}

void DeliveryStream::join_failed(BatchJob& job) {
  for (std::size_t output = 0; output < kErrorOutputs; ++output) {
    const RecordList& list = job.outcome.failed[output];
    const SlotPtr& slot = slots_.errors(static_cast<ErrorOutput>(output));
    for (std::size_t i = 0; i < list.entries.size(); ++i) {
      const std::string_view line = list.data(i);
      add(slot, line, {}, list.entries[i].arrival,
          job.outcome.memory.split(static_cast<std::int64_t>(line.size())));
    }
  }
}

void DeliveryStream::log_events(const Plan& plan, bool of_backup,
                                const std::vector<ErrorEvent>& events) {
  const bool has_backup = of_backup && plan.s3().backup;
  const S3TargetSettings& target = has_backup ? *plan.s3().backup : plan.s3();
  if (!target.logging.enabled) return;
  const TimePoint now = env_.clock.now();
  for (const ErrorEvent& event : events) {
    std::string message = error_event_json(plan, target, event);
    if (env_.error_log != nullptr) env_.error_log->put(target.logging, now, message);
    MutexLock lock(mutex_);
    error_log_.push_back({now, std::move(message)});
    if (error_log_.size() > kLoggedErrorsMax) error_log_.pop_front();
  }
}

}  // namespace hydrant::delivery
