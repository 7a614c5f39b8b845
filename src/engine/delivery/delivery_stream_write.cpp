// Objects are written, one after the other in the order in which they were cut; see
// delivery_stream.cpp.
#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/delivery/delivery_stream.h"

namespace hydrant::delivery {
namespace {

constexpr Duration kDirectPutRetention = std::chrono::hours(24);

}  // namespace

// 5. Objects are written.

void DeliveryStream::start_writing(std::size_t outbox) {
  Outbox& objects = outboxes_[outbox];
  if (objects.state != Outbox::State::idle || objects.empty()) return;
  objects.state = Outbox::State::writing;
  env_.pool.post([self = shared_from_this(), outbox] { self->write_first(outbox); });
}

void DeliveryStream::write_first(std::size_t outbox) {
  std::shared_ptr<S3Object> object;
  {
    MutexLock lock(mutex_);
    if (status_ == DeliveryStatus::deleted) return;
    object = outboxes_[outbox].front();
  }
  object->compress(*env_.blocks);
  const auto error =
      env_.sink.put(object->bucket, object->key, object->contents.bytes.view(), object->info);
  if (!error) object->release(*env_.blocks);
  finish_write(outbox, object, error, error ? retention() : Duration::zero());
}

// How long data that cannot be written is kept.
Duration DeliveryStream::retention() const {
  return reader_ == nullptr ? kDirectPutRetention : reader_->retention();
}

void DeliveryStream::finish_write(std::size_t outbox, const std::shared_ptr<S3Object>& object,
                                  const std::optional<std::string>& error, Duration retention) {
  const std::string name = object->name();
  bool is_news = false;  // a first failure, another one than before, or the end of failures
  {
    MutexLock lock(mutex_);
    is_news = error ? !write_error_ || write_error_->text != *error : write_error_.has_value();
  }
  // Told before anybody who waits for this write goes on.
  if (error && is_news) {
    env_.logger->warn("delivery_stream={} object={} cannot be written: {}", id_.name, name, *error);
    log_events(*object->plan, object->kind == ObjectKind::backup, {failed_delivery()});
  }
  bool given_up = false;
  {
    MutexLock lock(mutex_);
    if (status_ == DeliveryStatus::deleted) return;
    outboxes_[outbox].state = Outbox::State::idle;
    if (error) {
      given_up = failed_write(outbox, object, *error, retention);
    } else {
      write_error_.reset();
      tally_written(*object);
      for (const auto& call : flushes_) {
        if (!call->cut || object->number <= call->last_object[outbox])
          call->result.written.push_back(name);
      }
      pop_object(outbox);
    }
    settle_flushes();
    start_writing(outbox);
    resume_intake();
  }
  if (given_up) {
    env_.logger->error("delivery_stream={} object={} given up: {} records are lost", id_.name, name,
                       object->contents.records);
  }
  if (!error) {
    env_.logger->info("delivery_stream={} object={} records={} bytes={}{}", id_.name, name,
                      object->contents.records, object->source_bytes,
                      is_news ? " writing works again" : "");
  }
}

void DeliveryStream::tally_written(const S3Object& object) {
  if (object.kind == ObjectKind::backup) {
    counters_.backup_to_s3_records += object.contents.records;
    counters_.backup_to_s3_bytes += object.source_bytes;
    ++counters_.backup_to_s3_success;
    return;
  }
  if (object.kind == ObjectKind::data) {
    counters_.delivery_to_s3_records += object.contents.records;
    counters_.delivery_to_s3_bytes += object.source_bytes;
  } else {
    counters_.error_output_records += object.contents.records;
  }
  ++counters_.delivery_to_s3_object_count;
  ++counters_.delivery_to_s3_success;
}

void DeliveryStream::pop_object(std::size_t outbox) {
  const SlotPtr slot = outboxes_[outbox].front()->slot;
  outboxes_[outbox].pop();
  --slot->objects_unwritten;
  slots_.forget_if_inactive(*slot);
}

// True: it has been failing for so long that its data is given up.
bool DeliveryStream::failed_write(std::size_t outbox, const std::shared_ptr<S3Object>& object,
                                  const std::string& error, Duration retention) {
  Outbox& objects = outboxes_[outbox];
  const bool is_backup = object->kind == ObjectKind::backup;
  const TimePoint now = env_.clock.now();
  TimePoint give_up_at = object->contents.oldest + retention;
  if (!object->failing_since) object->failing_since = now;
  ++object->attempts_failed;
  write_error_ = LastError{error, now};
  ++(is_backup ? counters_.backup_to_s3_failure : counters_.delivery_to_s3_failure);
  fail_flushes(outbox, error);
  if (now >= give_up_at) {
    if (is_backup) {
      counters_.discarded_backup_records += object->contents.records;
    } else {
      counters_.discarded_records += object->contents.records;
      counters_.discarded_bytes += object->source_bytes;
    }
    pop_object(outbox);
    return true;
  }
  const auto& partitioning = object->plan->s3().dynamic_partitioning;
  if (partitioning && object->kind == ObjectKind::data) {
    const auto patience = std::chrono::seconds(partitioning->retry_duration_s);
    give_up_at = std::min(give_up_at, *object->failing_since + patience);
    if (now >= give_up_at) {
      const Ending ending{object->attempts_failed, now, env_.failure_record_style};
      send_to_error_output(*object, ending, env_.random);
      objects.forget_failures();
      return false;
    }
  }
  objects.state = Outbox::State::backing_off;
  const TimePoint due = std::min(now + objects.next_back_off(), give_up_at);
  objects.timer = env_.clock.at(due, [weak = weak_from_this(), outbox] {
    if (const auto self = weak.lock()) self->write_again(outbox);
  });
  return false;
}

void DeliveryStream::write_again(std::size_t outbox) {
  MutexLock lock(mutex_);
  Outbox& objects = outboxes_[outbox];
  if (objects.state != Outbox::State::backing_off) return;  // a flush was quicker
  objects.state = Outbox::State::idle;
  objects.timer.reset();
  start_writing(outbox);
}

}  // namespace hydrant::delivery
