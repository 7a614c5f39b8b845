// The life of a delivery stream, its settings, and what it tells about itself.
#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/delivery/delivery_stream.h"

namespace hydrant::delivery {
namespace {

constexpr double kMiB = 1024 * 1024;

std::int64_t overhead_of(const S3Settings& s3) {
  if (s3.processing.lambda) return sizeof(SourceBatch::Entry);
  const auto& delimiter = s3.processing.append_delimiter;
  return delimiter ? static_cast<std::int64_t>(delimiter->size()) : 0;
}

}  // namespace

DeliveryStream::DeliveryStream(const DeliveryEnvironment& environment,
                               const DeliveryStreamSettings& settings,
                               std::shared_ptr<void> attachment)
    : env_(environment),
      id_(settings.id),
      arn_(settings.id.arn()),
      source_type_(settings.source_type),
      created_at_(environment.clock.now()),
      attachment_(std::move(attachment)),
      reader_(settings.source_type == SourceType::kinesis_stream
                  ? std::make_unique<KinesisSource>(settings.source, environment.streams,
                                                    environment.clock, environment.memory,
                                                    static_cast<SourceTarget&>(*this))
                  : nullptr),
      record_overhead_(overhead_of(settings.s3)),
      plan_(std::make_shared<Plan>(settings, 1)),
      quota_(environment.quota, settings.id.region, created_at_) {}

void DeliveryStream::activate() {
  // Before the status says so: what is put once the delivery stream is seen ACTIVE is read.
  if (reader_ != nullptr) reader_->start();
  const TimePoint now = env_.clock.now();
  MutexLock lock(mutex_);
  if (status_ != DeliveryStatus::creating) return;
  status_ = DeliveryStatus::active;
  activated_at_ = now;
  if (reader_ != nullptr) arm_poll(now + std::chrono::seconds(1));
}

bool DeliveryStream::update(const std::string& expected_version_id, const S3Settings& s3) {
  const TimePoint now = env_.clock.now();
  MutexLock lock(mutex_);
  if (expected_version_id != std::to_string(plan_->version)) return false;
  // What has been collected for a transform goes through the one it was collected for.
  if (s3.processing.lambda != plan_->s3().processing.lambda) cut(Stage::source);

  DeliveryStreamSettings settings = plan_->settings;
  settings.s3 = s3;
  plan_ = std::make_shared<Plan>(settings, plan_->version + 1);
  record_overhead_ = overhead_of(s3);
  updated_at_ = now;
  for (const Stage stage : {Stage::source, Stage::data, Stage::errors}) {
    if (is_empty(stage)) continue;
    const TimePoint opened = timer_of(stage).opened();
    const bool due = opened + interval(stage) <= now || bytes_in(stage) >= size_max(stage);
    if (due) {
      cut(stage);
    } else {
      timer_of(stage).close(env_.clock);
      arm(stage, opened);
    }
  }
  return true;
}

// The data goes when the lock has gone: freeing it takes time.
void DeliveryStream::close() {
  SourceBatch source;
  ObjectContents data, errors;
  std::vector<Job> jobs;
  std::deque<std::shared_ptr<S3Object>> objects;

  MutexLock lock(mutex_);
  if (status_ == DeliveryStatus::deleted) return;
  DeliveryStreamState held;
  tally_undelivered(held);
  counters_.discarded_records += held.undelivered_records;
  counters_.discarded_bytes += held.undelivered_bytes;
  status_ = DeliveryStatus::deleted;

  for (const Stage stage : {Stage::source, Stage::data, Stage::errors})
    timer_of(stage).close(env_.clock);
  if (poll_timer_) env_.clock.cancel(*poll_timer_);
  if (outbox_.timer) env_.clock.cancel(*outbox_.timer);
  source = source_.take();
  data = data_.take();
  errors = errors_.take();
  jobs = jobs_.clear();
  for (const Job& job : jobs) {
    if (job->timer) env_.clock.cancel(*job->timer);
    job->state = TransformJob::State::finished;
  }
  objects = outbox_.clear();
  for (const auto& call : flushes_) call->done = true;
  flushes_.clear();
  flushed_.notify_all();
}

DeliveryStatus DeliveryStream::status() const {
  MutexLock lock(mutex_);
  return status_;
}

std::optional<TimePoint> DeliveryStream::activated_at() const {
  MutexLock lock(mutex_);
  return activated_at_;
}

std::optional<TimePoint> DeliveryStream::updated_at() const {
  MutexLock lock(mutex_);
  return updated_at_;
}

std::string DeliveryStream::version_id() const {
  MutexLock lock(mutex_);
  return std::to_string(plan_->version);
}

DeliveryStreamSettings DeliveryStream::settings() const {
  MutexLock lock(mutex_);
  return plan_->settings;
}

bool DeliveryStream::empty_handed() const {
  return source_.empty() && jobs_.empty() && data_.empty() && errors_.empty() && outbox_.empty();
}

bool DeliveryStream::holds_nothing() const {
  MutexLock lock(mutex_);
  return empty_handed();
}

bool DeliveryStream::drained() const {
  return holds_nothing() && (reader_ == nullptr || reader_->at_tip());
}

ObjectBuffer& DeliveryStream::object_buffer(Stage stage) {
  return stage == Stage::data ? data_ : errors_;
}

CutTimer& DeliveryStream::timer_of(Stage stage) {
  return stage == Stage::source ? source_.timer : object_buffer(stage).timer;
}

bool DeliveryStream::is_empty(Stage stage) const {
  if (stage == Stage::source) return source_.empty();
  return stage == Stage::data ? data_.empty() : errors_.empty();
}

std::size_t DeliveryStream::bytes_in(Stage stage) const {
  if (stage == Stage::source) return source_.bytes();
  return stage == Stage::data ? data_.bytes() : errors_.bytes();
}

std::size_t DeliveryStream::size_max(Stage stage) const {
  const S3Settings& s3 = plan_->s3();
  if (stage != Stage::source) return static_cast<std::size_t>(s3.buffering_size_mb * kMiB);
  return static_cast<std::size_t>(s3.processing.lambda->buffer_size_mb * kMiB);
}

Duration DeliveryStream::interval(Stage stage) const {
  const S3Settings& s3 = plan_->s3();
  return std::chrono::seconds(stage == Stage::source ? s3.processing.lambda->buffer_interval_s
                                                     : s3.buffering_interval_s);
}

void DeliveryStream::tally_undelivered(DeliveryStreamState& state) const {
  TimePoint oldest = TimePoint::max();
  const auto add = [&state, &oldest](std::uint64_t records, std::uint64_t bytes, TimePoint from) {
    state.undelivered_records += records;
    state.undelivered_bytes += bytes;
    oldest = std::min(oldest, from);
  };
  add(source_.records(), source_.bytes(), source_.oldest());
  add(data_.records(), data_.bytes(), data_.oldest());
  add(errors_.records(), errors_.bytes(), errors_.oldest());
  jobs_.for_each([&](const TransformJob& job) {
    add(job.batch.entries.size(), job.batch.bytes.size(), job.batch.oldest);
    const bool waiting = job.state == TransformJob::State::waiting;
    if (waiting) ++state.batches_waiting;
    if (!waiting && job.state != TransformJob::State::finished) ++state.batches_in_flight;
    if (job.state == TransformJob::State::backing_off) ++state.batches_backing_off;
  });
  for (const auto& object : outbox_.objects())
    add(object->contents.records, object->source_bytes, object->contents.oldest);
  state.objects_waiting = outbox_.objects().size();
  if (oldest != TimePoint::max()) state.oldest_undelivered = oldest;
}

DeliveryStreamState DeliveryStream::state() const {
  DeliveryStreamState state;
  state.id = id_;
  if (reader_ != nullptr) state.millis_behind_latest = reader_->millis_behind();
  MutexLock lock(mutex_);
  state.status = status_;
  state.version_id = std::to_string(plan_->version);
  tally_undelivered(state);
  if (plan_->has_lambda())
    state.buffers.push_back({"source", source_.records(), source_.bytes(), source_.timer.due()});
  state.buffers.push_back({"destination", data_.records(), data_.bytes(), data_.timer.due()});
  state.buffers.push_back({"error", errors_.records(), errors_.bytes(), errors_.timer.due()});
  state.transform_error = transform_error_;
  state.write_error = write_error_;
  state.counters = counters_;
  return state;
}

}  // namespace hydrant::delivery
