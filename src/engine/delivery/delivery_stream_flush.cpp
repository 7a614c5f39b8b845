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
  call->failed = {};
  call->done = status_ != DeliveryStatus::active;
  if (call->done) return;
  flushes_.push_back(call);
  cut(Step::intake);
  line(Step::intake).jobs.push(call);
  start_jobs(Step::intake);
  join_finished(Step::intake);
}

void DeliveryStream::start_flush(const std::shared_ptr<FlushCall>& call) {
  MutexLock lock(mutex_);
  --holds_;
  call->started = true;
  if (status_ == DeliveryStatus::deleted) return;
  for (Job& job : std::exchange(call->retried, {})) post(std::move(job));
  start_jobs(Step::lambda);
  join_finished(Step::lambda);
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

// All that is before the barrier has been worked on here: now the function is in a hurry.
void DeliveryStream::pass_intake(const std::shared_ptr<FlushCall>& call) {
  cut(Step::lambda);
  for (Job& job : line(Step::lambda).jobs.push(call)) {
    if (const auto timer = std::exchange(job->timer, std::nullopt)) env_.clock.cancel(*timer);
    if (call->started) {
      post(std::move(job));
    } else {
      call->retried.push_back(std::move(job));
    }
  }
  start_jobs(Step::lambda);
  join_finished(Step::lambda);
}

void DeliveryStream::pass_function(FlushCall& call) {
  for (const SlotPtr& slot : slots_.all()) {
    cut(slot);
    slots_.forget_if_inactive(*slot);
  }
  call.cut = true;
  for (std::size_t outbox = 0; outbox < kOutboxes; ++outbox) {
    Outbox& objects = outboxes_[outbox];
    call.last_object[outbox] = objects.last_number();
    if (objects.state != Outbox::State::backing_off) continue;
    if (const auto timer = std::exchange(objects.timer, std::nullopt)) env_.clock.cancel(*timer);
    objects.state = Outbox::State::idle;
    start_writing(outbox);
  }
  settle_flushes();
}

void DeliveryStream::settle_flushes() {
  for (const auto& call : flushes_) {
    if (!call->cut) continue;
    call->done = true;
    for (std::size_t outbox = 0; outbox < kOutboxes; ++outbox) {
      if (!call->failed[outbox] && !outboxes_[outbox].written_up_to(call->last_object[outbox]))
        call->done = false;
    }
  }
  std::erase_if(flushes_, [](const auto& call) { return call->done; });
  flushed_.notify_all();
}

// Objects are written in order, so none behind the one that failed is written either.
void DeliveryStream::fail_flushes(std::size_t outbox, const std::string& error) {
  const Outbox& objects = outboxes_[outbox];
  for (const auto& call : flushes_) {
    if (!call->cut || call->failed[outbox] || call->last_object[outbox] < objects.front()->number)
      continue;
    for (const auto& waiting : objects.objects()) {
      if (waiting->number <= call->last_object[outbox])
        call->result.unwritten.push_back({waiting->name(), error});
    }
    call->failed[outbox] = true;
  }
}

}  // namespace hydrant::delivery
