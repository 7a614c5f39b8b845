// The life of a delivery stream, its settings, and what it tells about itself.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <ranges>
#include <utility>

#include "engine/delivery/delivery_stream.h"
#include "engine/delivery/transform/invoke.h"

namespace hydrant::delivery {
namespace {

constexpr double kMiB = 1024 * 1024;

// Jobs that work here on records; more would only wait for a processor.
constexpr std::size_t kIntakeJobsMax = 4;
constexpr std::size_t kIntakeBytesMax = 1024 * 1024;

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
      plan_(std::make_shared<Plan>(settings, 1)),
      quota_(environment.quota, settings.id.region, created_at_),
      lines_{Line(settings.source_type, kIntakeJobsMax),
             Line(settings.source_type, transform::kInvocationsInFlightMax)} {
  reckon_costs(*plan_);
}

void DeliveryStream::reckon_costs(const Plan& plan) {
  const auto& delimiter = plan.processing().append_delimiter;
  const bool waits = plan.has_intake() || plan.has_lambda();
  copies_ = plan.s3().backup ? 2 : 1;
  record_overhead_ = waits ? static_cast<std::int64_t>(sizeof(SourceBatch::Entry))
                           : static_cast<std::int64_t>(delimiter ? delimiter->size() : 0);
}

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
  PlanPtr before;
  {
    MutexLock lock(mutex_);
    before = plan_;
  }
  if (expected_version_id != std::to_string(before->version)) return false;
  DeliveryStreamSettings settings = before->settings;
  settings.s3 = s3;
  PlanPtr next = std::make_shared<Plan>(settings, before->version + 1);  // compiles a query

  MutexLock lock(mutex_);
  if (plan_ != before) return false;
  // What has been collected for some work has that work done.
  cut(Step::intake);
  if (s3.processing.lambda != plan_->processing().lambda) cut(Step::lambda);
  for (const SlotPtr& slot : slots_.all())
    if (slot->plan != nullptr || slot->kind == ObjectKind::backup) cut(slot);

  plan_ = std::move(next);
  reckon_costs(*plan_);
  updated_at_ = now;
  arm_anew(now);
  return true;
}

// Open buffers go by the hints of the new plan, from when they were opened.
void DeliveryStream::arm_anew(TimePoint now) {
  if (SourceBuffer& buffer = line(Step::lambda).buffer; !buffer.empty()) {
    const TimePoint opened = buffer.timer.opened();
    buffer.timer.close(env_.clock);
    const bool due =
        opened + interval(Step::lambda) <= now || buffer.bytes() >= size_max(Step::lambda);
    due ? cut(Step::lambda) : arm(Step::lambda, opened);
  }
  for (const SlotPtr& slot : slots_.all()) {
    ObjectBuffer& buffer = slot->buffer;
    if (buffer.empty()) continue;
    const TimePoint opened = buffer.timer.opened();
    buffer.timer.close(env_.clock);
    const bool due = opened + interval(*slot) <= now || buffer.bytes() >= size_max(*slot);
    due ? cut(slot) : arm(slot, opened);
  }
}

// The data goes when the lock has gone: freeing it takes time.
void DeliveryStream::close() {
  // A poll that is under way ends with the shard it is at: what it read further would go nowhere,
  // off the read limits of others.
  if (reader_ != nullptr) reader_->stop();
  std::vector<SourceBatch> batches;
  std::vector<ObjectContents> contents;
  std::vector<Job> jobs;
  std::vector<std::deque<std::shared_ptr<S3Object>>> objects;

  MutexLock lock(mutex_);
  if (status_ == DeliveryStatus::deleted) return;
  DeliveryStreamState held;
  tally_undelivered(held);
  counters_.discarded_records += held.undelivered_records;
  counters_.discarded_bytes += held.undelivered_bytes;
  counters_.discarded_backup_records += held.undelivered_backup_records;
  status_ = DeliveryStatus::deleted;

  if (poll_timer_) env_.clock.cancel(*poll_timer_);
  for (Line& each : lines_) {
    each.buffer.timer.close(env_.clock);
    batches.push_back(each.buffer.take());
    for (Job& job : each.jobs.clear()) {
      if (job->timer) env_.clock.cancel(*job->timer);
      job->state = BatchJob::State::finished;
      jobs.push_back(std::move(job));
    }
  }
  for (const SlotPtr& slot : slots_.all()) {
    slot->buffer.timer.close(env_.clock);
    contents.push_back(slot->buffer.take());
  }
  slots_.clear_partitions();
  for (Outbox& outbox : outboxes_) {
    if (outbox.timer) env_.clock.cancel(*outbox.timer);
    objects.push_back(outbox.clear());
  }
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
  for (const Line& each : lines_)
    if (!each.buffer.empty() || !each.jobs.empty()) return false;
  for (const SlotPtr& slot : slots_.all())
    if (!slot->buffer.empty()) return false;
  return std::ranges::all_of(outboxes_, &Outbox::empty);
}

bool DeliveryStream::holds_nothing() const {
  MutexLock lock(mutex_);
  return empty_handed();
}

bool DeliveryStream::drained() const {
  return holds_nothing() && (reader_ == nullptr || reader_->at_tip());
}

std::size_t DeliveryStream::size_max(Step step) const {
  const auto& lambda = plan_->processing().lambda;
  if (step == Step::intake || !lambda) return kIntakeBytesMax;
  return static_cast<std::size_t>(lambda->buffer_size_mb * kMiB);
}

Duration DeliveryStream::interval(Step step) const {
  const auto& lambda = plan_->processing().lambda;
  if (step == Step::intake || !lambda) return Duration::zero();
  return std::chrono::seconds(lambda->buffer_interval_s);
}

const S3TargetSettings& DeliveryStream::target_of(const ObjectSlot& slot) const {
  const Plan& plan = slot.plan != nullptr ? *slot.plan : *plan_;
  if (slot.kind == ObjectKind::backup && plan.s3().backup) return *plan.s3().backup;
  return plan.s3();
}

std::size_t DeliveryStream::size_max(const ObjectSlot& slot) const {
  return static_cast<std::size_t>(target_of(slot).buffering_size_mb * kMiB);
}

Duration DeliveryStream::interval(const ObjectSlot& slot) const {
  return std::chrono::seconds(target_of(slot).buffering_interval_s);
}

void DeliveryStream::tally_undelivered(DeliveryStreamState& state) const {
  TimePoint oldest = TimePoint::max();
  const auto add = [&state, &oldest](std::uint64_t records, std::uint64_t bytes, TimePoint from) {
    state.undelivered_records += records;
    state.undelivered_bytes += bytes;
    oldest = std::min(oldest, from);
  };
  for (const Line& each : lines_) {
    add(each.buffer.records(), each.buffer.bytes(), each.buffer.oldest());
    each.jobs.for_each([&](const BatchJob& job) {
      add(job.batch.entries.size(), job.batch.bytes.size(), job.batch.oldest);
      const bool waiting = job.state == BatchJob::State::waiting;
      if (waiting) ++state.batches_waiting;
      if (!waiting && job.state != BatchJob::State::finished) ++state.batches_in_flight;
      if (job.state == BatchJob::State::backing_off) ++state.batches_backing_off;
    });
  }
  for (const SlotPtr& slot : slots_.all()) {
    if (slot->kind == ObjectKind::backup) {
      state.undelivered_backup_records += slot->buffer.records();
    } else {
      add(slot->buffer.records(), slot->buffer.bytes(), slot->buffer.oldest());
    }
  }
  for (const Outbox& outbox : outboxes_) {
    state.objects_waiting += outbox.objects().size();
    for (const auto& object : outbox.objects()) {
      if (object->kind == ObjectKind::backup) {
        state.undelivered_backup_records += object->contents.records;
      } else {
        add(object->contents.records, object->source_bytes, object->contents.oldest);
      }
    }
  }
  if (oldest != TimePoint::max()) state.oldest_undelivered = oldest;
}

// Partitions are shown as one destination, and the kinds of errors as one error output.
void DeliveryStream::describe_buffers(DeliveryStreamState& state) const {
  const auto add = [&state](const std::string& name, std::uint64_t records, std::uint64_t bytes,
                            std::optional<TimePoint> due) {
    auto found = std::ranges::find(state.buffers, name, &BufferState::name);
    if (found == state.buffers.end()) {
      state.buffers.push_back({name, 0, 0, std::nullopt});
      found = std::prev(state.buffers.end());
    }
    found->records += records;
    found->bytes += bytes;
    if (due) found->due = found->due ? std::min(*found->due, *due) : due;
  };
  const auto add_line = [&](const char* name, const SourceBuffer& buffer) {
    add(name, buffer.records(), buffer.bytes(), buffer.timer.due());
  };
  if (plan_->has_intake()) add_line("processing", line(Step::intake).buffer);
  if (plan_->has_lambda()) add_line("source", line(Step::lambda).buffer);
  for (const SlotPtr& slot : slots_.all()) {
    const ObjectBuffer& buffer = slot->buffer;
    if (slot->kind == ObjectKind::backup && !plan_->s3().backup) continue;
    const char* const name = slot->kind == ObjectKind::data     ? "destination"
                             : slot->kind == ObjectKind::errors ? "error"
                                                                : "backup";
    add(name, buffer.records(), buffer.bytes(), buffer.timer.due());
  }
}

DeliveryStreamState DeliveryStream::state() const {
  DeliveryStreamState state;
  state.id = id_;
  if (reader_ != nullptr) state.millis_behind_latest = reader_->millis_behind();
  MutexLock lock(mutex_);
  state.status = status_;
  state.version_id = std::to_string(plan_->version);
  tally_undelivered(state);
  describe_buffers(state);
  if (plan_->has_partitions()) state.partition_count = slots_.active_partitions();
  state.error_log.assign(error_log_.begin(), error_log_.end());
  state.transform_error = transform_error_;
  state.write_error = write_error_;
  state.counters = counters_;
  return state;
}

}  // namespace hydrant::delivery
