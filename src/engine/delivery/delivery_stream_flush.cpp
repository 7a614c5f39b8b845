// Flushing: a barrier that goes through the delivery stream in line with the data. What is before
// it belongs to the flush and is in a hurry; what comes behind it, such as records that a handler
// puts while it is invoked for the flush, does not.
#include <utility>

#include "engine/delivery/delivery_stream.h"

namespace hydrant::delivery {

std::shared_ptr<FlushCall> DeliveryStream::begin_flush() {
  auto call = std::make_shared<FlushCall>();
  if (reader_ != nullptr) call->tips = reader_->tips();
  read_and_put_barrier(call);
  return call;
}

// Nothing is invoked between the first and the last delivery stream that begins: what a handler
// puts into any of them comes behind the barriers of all.
void DeliveryStream::read_and_put_barrier(const std::shared_ptr<FlushCall>& call) {
  {
    MutexLock lock(mutex_);
    ++holds_;
  }
  if (reader_ != nullptr) call->source_read = reader_->read_to(call->tips);

  MutexLock lock(mutex_);
  call->cut = false;
  call->done = status_ != DeliveryStatus::active;
  if (call->done) return;
  flushes_.push_back(call);
  cut(Stage::source);
  call->retried = jobs_.push(call);
  for (const Job& job : call->retried) {
    if (const auto timer = std::exchange(job->timer, std::nullopt)) env_.clock.cancel(*timer);
  }
  start_jobs();
  join_finished();
}

void DeliveryStream::start_flush(const std::shared_ptr<FlushCall>& call) {
  MutexLock lock(mutex_);
  --holds_;
  if (status_ == DeliveryStatus::deleted) return;
  for (Job& job : std::exchange(call->retried, {})) post_attempt(std::move(job));
  start_jobs();
  join_finished();
}

FlushResult DeliveryStream::finish_flush(const std::shared_ptr<FlushCall>& call) {
  while (true) {
    {
      MutexLock lock(mutex_);
      while (!call->done) flushed_.wait(mutex_);
      const bool over = call->source_read || !call->result.unwritten.empty();
      if (over || status_ != DeliveryStatus::active) return std::move(call->result);
    }
    // The memory budget was full before the source was read to the tip; delivering made room.
    read_and_put_barrier(call);
    start_flush(call);
  }
}

void DeliveryStream::pass_barrier(FlushCall& call) {
  cut(Stage::data);
  cut(Stage::errors);
  call.cut = true;
  call.last_object = outbox_.last_number();
  if (outbox_.state == Outbox::State::backing_off) {
    if (const auto timer = std::exchange(outbox_.timer, std::nullopt)) env_.clock.cancel(*timer);
    outbox_.state = Outbox::State::idle;
    start_writing();
  }
  settle_flushes();
}

void DeliveryStream::settle_flushes() {
  for (const auto& call : flushes_) {
    if (call->cut && outbox_.written_up_to(call->last_object)) call->done = true;
  }
  std::erase_if(flushes_, [](const auto& call) { return call->done; });
  flushed_.notify_all();
}

// Objects are written in order, so none behind the one that failed is written either.
void DeliveryStream::fail_flushes(const S3Object& object, const std::string& error) {
  for (const auto& call : flushes_) {
    if (!call->cut || call->last_object < object.number) continue;
    for (const auto& waiting : outbox_.objects()) {
      if (waiting->number <= call->last_object)
        call->result.unwritten.push_back({waiting->name(), error});
    }
    call->done = true;
  }
}

}  // namespace hydrant::delivery
