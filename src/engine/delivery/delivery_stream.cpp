// The way of a record, from top to bottom of this file:
//   1. append() or the reader of the source takes it, and copies its bytes into an open buffer.
//   2. A buffer that is full, or whose interval has ended, is cut.
//   3. What was cut from the source buffer is a job: up to five at once are invoked for, retried on
//      the clock, and leave in the order in which they came. Without a Lambda there is no such
//      stage.
//   4. Their results join the buffer of data and that of errors, which are cut by the hints of the
//      destination.
//   5. What was cut from those is an object with a name; objects are written one by one, in order,
//      and retried until they are there.
// Flushes, which go the same way behind a barrier, are in delivery_stream_flush.cpp; settings and
// state in delivery_stream_state.cpp.
#include "engine/delivery/delivery_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hydrant::delivery {
namespace {

constexpr Duration kPollInterval = std::chrono::seconds(1);
constexpr Duration kDirectPutRetention = std::chrono::hours(24);
constexpr std::string_view kNoDelimiter;

std::string_view delimiter_of(const Plan& plan) {
  const auto& delimiter = plan.s3().processing.append_delimiter;
  return delimiter ? std::string_view(*delimiter) : kNoDelimiter;
}

}  // namespace

// 1. Records come in.

AppendResult DeliveryStream::append(std::span<const std::string_view> records) {
  if (source_type_ != SourceType::direct_put) return {AppendStatus::wrong_source, {}};
  const std::int64_t overhead = record_overhead_.load(std::memory_order_relaxed);
  std::uint64_t bytes = 0;
  for (const std::string_view data : records) bytes += data.size();
  const auto cost =
      static_cast<std::int64_t>(bytes) + overhead * static_cast<std::int64_t>(records.size());
  const bool has_room = env_.streams.reserve(cost);
  Reservation memory = Reservation::adopt(env_.memory, has_room ? cost : 0);
  const TimePoint now = env_.clock.now();

  MutexLock lock(mutex_);
  if (status_ != DeliveryStatus::active) return {AppendStatus::not_active, {}};
  if (!has_room) {
    counters_.refused_records += records.size();
    return {AppendStatus::full, {}};
  }
  ++counters_.incoming_put_requests;
  AppendResult result;
  const bool request_admitted = quota_.admit_request(now);
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (!request_admitted || !quota_.admit_record(records[i].size())) {
      result.throttled.push_back(i);
      continue;
    }
    const streams::SequenceNumber number{.created_s = epoch_seconds(created_at_),
                                         .index = ++last_index_,
                                         .time_s = epoch_seconds(now)};
    take({.data = records[i], .partition_key = {}, .arrival = now, .number = number},
         memory.split(static_cast<std::int64_t>(records[i].size()) + overhead));
  }
  counters_.throttled_records += result.throttled.size();
  return result;
}

void DeliveryStream::take_read(std::span<const streams::Record> records, Reservation memory) {
  MutexLock lock(mutex_);
  if (status_ == DeliveryStatus::deleted) return;
  for (const streams::Record& record : records) {
    const auto cost = record.data.size() + record.partition_key.size() + sizeof(SourceBatch::Entry);
    take({.data = record.data,
          .partition_key = record.partition_key,
          .arrival = record.arrival,
          .number = record.number},
         memory.split(static_cast<std::int64_t>(cost)));
    counters_.data_read_from_kinesis_stream_bytes += record.data.size();
  }
  counters_.data_read_from_kinesis_stream_records += records.size();
}

void DeliveryStream::arm_poll(TimePoint due) {
  poll_timer_ = env_.clock.at(due, [weak = weak_from_this(), due] {
    const auto self = weak.lock();
    if (self != nullptr) self->env_.pool.post([self, due] { self->poll_source(due); });
  });
}

void DeliveryStream::poll_source(TimePoint due) {
  const PollReport report = reader_->poll();
  if (report.lost_stream)
    env_.logger->warn("delivery_stream={} its source stream is gone", id_.name);
  const TimePoint now = env_.clock.now();
  MutexLock lock(mutex_);
  if (status_ == DeliveryStatus::deleted) return;
  counters_.throttled_get_records += report.reads_refused;
  // Kept to the second, unless reading takes longer than that.
  arm_poll(due + kPollInterval > now ? due + kPollInterval : now + kPollInterval);
}

void DeliveryStream::take(const IncomingRecord& record, Reservation memory) {
  ++counters_.incoming_records;
  counters_.incoming_bytes += record.data.size();
  if (!plan_->has_lambda()) {
    add_to_object(Stage::data, record.data, delimiter_of(*plan_), record.arrival,
                  std::move(memory));
    return;
  }
  if (!source_.has_room(record)) cut(Stage::source);
  if (source_.empty()) arm(Stage::source, env_.clock.now());
  source_.add(record, std::move(memory));
  if (source_.bytes() >= size_max(Stage::source)) cut(Stage::source);
}

// 2. Buffers open with their first record and are cut by size or by age.

void DeliveryStream::arm(Stage stage, TimePoint opened) {
  const Duration wait = interval(stage);
  CutTimer& timer = timer_of(stage);
  const std::uint64_t serial = timer.open(opened, opened + wait);
  auto task = [weak = weak_from_this(), stage, serial] {
    if (const auto self = weak.lock()) self->interval_ended(stage, serial);
  };
  // With no interval the buffer collects only what comes before a thread gets to it.
  if (wait == Duration::zero()) {
    env_.pool.post(std::move(task));
  } else {
    timer.armed_as(env_.clock.at(opened + wait, std::move(task)));
  }
}

void DeliveryStream::interval_ended(Stage stage, std::uint64_t serial) {
  MutexLock lock(mutex_);
  if (timer_of(stage).is(serial)) cut(stage);
}

void DeliveryStream::cut(Stage stage) {
  if (is_empty(stage)) return;
  timer_of(stage).close(env_.clock);
  if (stage == Stage::source) {
    auto job = std::make_shared<TransformJob>();
    job->batch = source_.take();
    job->plan = plan_;
    job->invocation_id = env_.random.uuid();
    jobs_.push(std::move(job));
    start_jobs();
    return;
  }
  ObjectContents contents = object_buffer(stage).take();
  if (contents.bytes.empty()) return;  // records without a byte: the service writes no empty object
  const ObjectKind kind = stage == Stage::data ? ObjectKind::data : ObjectKind::errors;
  outbox_.push(make_object(*plan_, kind, std::move(contents), env_.random));
  start_writing();
}

// 3. Batches go through the transform.

void DeliveryStream::start_jobs() {
  while (Job job = jobs_.start_next(holds_ > 0)) post_attempt(std::move(job));
}

void DeliveryStream::post_attempt(Job job) {
  env_.pool.post([self = shared_from_this(), job = std::move(job)] { self->attempt(job); });
}

void DeliveryStream::attempt(const Job& job) {
  const DeliveryStreamSettings& settings = job->plan->settings;
  const transform::RecordIds ids(job->batch, source_type_);
  const transform::Call call{job->batch, settings, job->invocation_id};
  const transform::Attempt result = transform::invoke(call, ids, env_.find_function);
  const TimePoint now = env_.clock.now();
  ++job->attempts;
  {
    MutexLock lock(mutex_);
    if (status_ == DeliveryStatus::deleted) return;
    ++(result.response ? counters_.execute_processing_success
                       : counters_.execute_processing_failure);
    if (!result.response)
      transform_error_ = LastError{std::string(failure_code(result.failure)), now};
    const auto retries = settings.s3.processing.lambda->number_of_retries;
    if (!result.response && result.retried && job->attempts <= retries) return retry_later(job);
  }
  job->outcome = transform::conclude(
      call, ids, result,
      {.attempts = job->attempts, .ended = now, .style = env_.failure_record_style}, env_.memory);
  job->batch.memory = Reservation();
  finish_job(job);
}

void DeliveryStream::retry_later(const Job& job) {
  if (job->hurried) return post_attempt(job);
  job->state = TransformJob::State::backing_off;
  const TimePoint due = env_.clock.now() + transform::back_off(job->attempts);
  job->timer = env_.clock.at(due, [weak = weak_from_this(), job_weak = std::weak_ptr(job)] {
    const auto self = weak.lock();
    const auto waiting = job_weak.lock();
    if (self != nullptr && waiting != nullptr) self->retry_due(waiting);
  });
}

void DeliveryStream::retry_due(const Job& job) {
  MutexLock lock(mutex_);
  if (job->state != TransformJob::State::backing_off) return;  // a flush has it already
  job->state = TransformJob::State::running;
  job->timer.reset();
  post_attempt(job);
}

void DeliveryStream::finish_job(const Job& job) {
  const auto& outcome = job->outcome;
  env_.logger->info(
      "delivery_stream={} invocation={} records={} delivered={} dropped={} failed={} attempts={}",
      id_.name, job->invocation_id, job->batch.entries.size(), outcome.delivered.entries.size(),
      outcome.dropped, outcome.failed.entries.size(), job->attempts);
  MutexLock lock(mutex_);
  if (status_ == DeliveryStatus::deleted) return;
  jobs_.finished(*job);
  start_jobs();
  join_finished();
}

void DeliveryStream::join_finished() {
  while (auto head = jobs_.pop_finished()) {
    if (head->barrier != nullptr) {
      pass_barrier(*head->barrier);
    } else {
      join(*head->job);
    }
  }
}

// 4. Results join the buffers of the destination.

void DeliveryStream::join(TransformJob& job) {
  auto& [delivered, failed, dropped, memory] = job.outcome;
  counters_.succeed_processing_records += delivered.entries.size() + dropped;
  counters_.succeed_processing_bytes += delivered.bytes.size();
  counters_.failed_processing_records += failed.entries.size();
  for (const auto& [list, stage] : {std::pair{&delivered, Stage::data}, {&failed, Stage::errors}}) {
    for (std::size_t i = 0; i < list->entries.size(); ++i) {
      const std::string_view data = list->data(i);
      add_to_object(stage, data, kNoDelimiter, list->entries[i].arrival,
                    memory.split(static_cast<std::int64_t>(data.size())));
    }
  }
}

void DeliveryStream::add_to_object(Stage stage, std::string_view data, std::string_view delimiter,
                                   TimePoint arrival, Reservation memory) {
  ObjectBuffer& buffer = object_buffer(stage);
  if (buffer.empty()) arm(stage, env_.clock.now());
  buffer.add(data, delimiter, arrival, std::move(memory));
  if (buffer.bytes() >= size_max(stage)) cut(stage);
}

// 5. Objects are written.

void DeliveryStream::start_writing() {
  if (outbox_.state != Outbox::State::idle || outbox_.empty()) return;
  outbox_.state = Outbox::State::writing;
  env_.pool.post([self = shared_from_this()] { self->write_first(); });
}

void DeliveryStream::write_first() {
  std::shared_ptr<S3Object> object;
  {
    MutexLock lock(mutex_);
    if (status_ == DeliveryStatus::deleted) return;
    object = outbox_.front();
  }
  object->compress();
  const auto error =
      env_.sink.put(object->bucket, object->key, object->contents.bytes.view(), object->info);
  if (!error) object->release();
  finish_write(object, error, error ? retention() : Duration::zero());
}

// How long data that cannot be written is kept.
Duration DeliveryStream::retention() const {
  return reader_ == nullptr ? kDirectPutRetention : reader_->retention();
}

void DeliveryStream::finish_write(const std::shared_ptr<S3Object>& object,
                                  const std::optional<std::string>& error, Duration retention) {
  bool error_is_news = false, given_up = false;
  {
    MutexLock lock(mutex_);
    if (status_ == DeliveryStatus::deleted) return;
    outbox_.state = Outbox::State::idle;
    if (error) {
      error_is_news = !write_error_ || write_error_->text != *error;
      given_up = failed_write(*object, *error, retention);
    } else {
      error_is_news = write_error_.has_value();
      write_error_.reset();
      const bool is_data = object->kind == ObjectKind::data;
      (is_data ? counters_.delivery_to_s3_records : counters_.error_output_records) +=
          object->contents.records;
      if (is_data) counters_.delivery_to_s3_bytes += object->source_bytes;
      ++counters_.delivery_to_s3_object_count;
      ++counters_.delivery_to_s3_success;
      outbox_.pop();
      for (const auto& call : flushes_) {
        if (!call->cut || object->number <= call->last_object)
          call->result.written.push_back(object->name());
      }
    }
    settle_flushes();
    start_writing();
  }
  if (error && error_is_news) {
    env_.logger->warn("delivery_stream={} object={} cannot be written: {}", id_.name,
                      object->name(), *error);
  }
  if (given_up) {
    env_.logger->error("delivery_stream={} object={} given up: {} records are lost", id_.name,
                       object->name(), object->contents.records);
  }
  if (!error) {
    env_.logger->info("delivery_stream={} object={} records={} bytes={}{}", id_.name,
                      object->name(), object->contents.records, object->source_bytes,
                      error_is_news ? " writing works again" : "");
  }
}

// True: it has been failing for so long that its data is given up.
bool DeliveryStream::failed_write(const S3Object& object, const std::string& error,
                                  Duration retention) {
  const TimePoint now = env_.clock.now();
  const TimePoint give_up_at = object.contents.oldest + retention;
  write_error_ = LastError{error, now};
  ++counters_.delivery_to_s3_failure;
  fail_flushes(object, error);
  if (now >= give_up_at) {
    counters_.discarded_records += object.contents.records;
    counters_.discarded_bytes += object.source_bytes;
    outbox_.pop();
    return true;
  }
  outbox_.state = Outbox::State::backing_off;
  const TimePoint due = std::min(now + outbox_.next_back_off(), give_up_at);
  outbox_.timer = env_.clock.at(due, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->write_again();
  });
  return false;
}

void DeliveryStream::write_again() {
  MutexLock lock(mutex_);
  if (outbox_.state != Outbox::State::backing_off) return;  // a flush was quicker
  outbox_.state = Outbox::State::idle;
  outbox_.timer.reset();
  start_writing();
}

}  // namespace hydrant::delivery
