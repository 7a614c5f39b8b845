// The way of a record:
//   1. append() or the reader of the source takes it. A copy goes to the backup, if there is one.
//   2. It waits in a line for each step of the work on it, if there is any: for what is done here
//      (decompression, de-aggregation, partition keys), then for the function. A line's buffer that
//      is full, or whose interval has ended, is cut.
//   3. What was cut from a line is a job: several are worked on at once, retried on the clock if
//      that helps, and leave in the order in which they came (delivery_stream_work.cpp).
//   4. Results join the slots of the destination: one for the data, or for each partition of it,
//      and one for each kind of errors. They are cut by the hints of the destination.
//   5. What was cut from a slot is an object with a name; objects are written one by one, in order,
//      and retried until they are there (delivery_stream_write.cpp).
// Flushes, which go the same way behind a barrier, are in delivery_stream_flush.cpp; settings and
// state in delivery_stream_state.cpp.
#include "engine/delivery/delivery_stream.h"

#include <chrono>
#include <utility>

#include "engine/delivery/process/kpl.h"

namespace hydrant::delivery {
namespace {

constexpr Duration kPollInterval = std::chrono::seconds(1);

std::string_view delimiter_of(const Plan& plan) {
  const auto& delimiter = plan.processing().append_delimiter;
  return delimiter ? std::string_view(*delimiter) : std::string_view();
}

// Records of the Kinesis Producer Library hold several; each is a record of its own from here on.
std::vector<IncomingRecord> take_apart(std::span<const streams::Record> records) {
  std::vector<IncomingRecord> all;
  all.reserve(records.size());
  std::vector<SubRecord> parts;
  for (const streams::Record& record : records) {
    IncomingRecord next{.data = record.data,
                        .partition_key = record.partition_key,
                        .arrival = record.arrival,
                        .number = record.number};
    parts.clear();
    if (!de_aggregate(record.data, parts)) {
      all.push_back(next);
      continue;
    }
    for (const SubRecord& part : parts) {
      next.data = part.data;
      next.partition_key = part.partition_key;
      all.push_back(next);
      ++next.subsequence;
    }
  }
  return all;
}

}  // namespace

// 1. Records come in.

AppendResult DeliveryStream::append(std::span<const std::string_view> records, PutCall call) {
  if (source_type_ != SourceType::direct_put) return {AppendStatus::wrong_source, {}};
  const TimePoint now = env_.clock.now();
  AppendResult result;
  {
    MutexLock lock(mutex_);
    if (status_ != DeliveryStatus::active) return {AppendStatus::not_active, {}};
    result.throttled = over_quota(records, now);
  }
  // Only for what is to be taken: records of streams may be trimmed for it.
  const std::int64_t overhead = record_overhead_.load(std::memory_order_relaxed);
  const std::int64_t copies = copies_.load(std::memory_order_relaxed);
  const auto cost_of = [=](std::string_view data) {
    return static_cast<std::int64_t>(data.size()) * copies + overhead;
  };
  std::uint64_t bytes = 0;
  std::int64_t cost = 0;
  for (const std::string_view data : records) {
    bytes += data.size();
    cost += cost_of(data);
  }
  for (const std::uint32_t i : result.throttled) cost -= cost_of(records[i]);
  const bool has_room = env_.streams.reserve(cost);
  Reservation memory = Reservation::adopt(env_.memory, has_room ? cost : 0);

  MutexLock lock(mutex_);
  if (status_ != DeliveryStatus::active) return {AppendStatus::not_active, {}};
  if (!has_room) {
    counters_.refused_records += records.size();
    return {AppendStatus::full, {}};
  }
  count_put(call, records.size(), bytes);
  auto throttled = result.throttled.begin();
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (throttled != result.throttled.end() && *throttled == i) {
      ++throttled;
      continue;
    }
    const streams::SequenceNumber number{.created_s = epoch_seconds(created_at_),
                                         .index = ++last_index_,
                                         .time_s = epoch_seconds(now)};
    take({.data = records[i], .partition_key = {}, .arrival = now, .number = number},
         memory.split(cost_of(records[i])));
  }
  counters_.throttled_records += result.throttled.size();
  return result;
}

std::vector<std::uint32_t> DeliveryStream::over_quota(std::span<const std::string_view> records,
                                                      TimePoint now) {
  std::vector<std::uint32_t> over;
  const bool request_admitted = quota_.admit_request(now);
  for (std::uint32_t i = 0; i < records.size(); ++i)
    if (!request_admitted || !quota_.admit_record(records[i].size())) over.push_back(i);
  return over;
}

void DeliveryStream::count_put(PutCall call, std::size_t records, std::uint64_t bytes) {
  ++counters_.incoming_put_requests;
  if (call == PutCall::record) {
    ++counters_.put_record_requests;
    counters_.put_record_bytes += bytes;
    return;
  }
  ++counters_.put_record_batch_requests;
  counters_.put_record_batch_records += records;
  counters_.put_record_batch_bytes += bytes;
}

void DeliveryStream::take_read(std::span<const streams::Record> records, Reservation memory) {
  std::uint64_t bytes_read = 0;
  for (const streams::Record& record : records) bytes_read += record.data.size();
  const auto incoming = take_apart(records);
  const std::int64_t copies = copies_.load(std::memory_order_relaxed);
  const auto cost_of = [copies](const IncomingRecord& record) {
    return static_cast<std::int64_t>(record.data.size()) * copies +
           static_cast<std::int64_t>(record.partition_key.size() + sizeof(SourceBatch::Entry));
  };
  std::int64_t cost = 0;
  for (const IncomingRecord& record : incoming) cost += cost_of(record);
  // What the reader has reserved is for the records as they were read.
  if (cost > memory.bytes()) memory.absorb(Reservation::force(env_.memory, cost - memory.bytes()));

  MutexLock lock(mutex_);
  if (status_ == DeliveryStatus::deleted) return;
  for (const IncomingRecord& record : incoming) take(record, memory.split(cost_of(record)));
  counters_.data_read_from_kinesis_stream_bytes += bytes_read;
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
  if (report.records_trimmed != 0)
    env_.logger->warn("delivery_stream={} {} records of its source aged out unread", id_.name,
                      report.records_trimmed);
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
  if (plan_->s3().backup) {
    add(slots_.backup(), record.data, {}, record.arrival,
        memory.split(static_cast<std::int64_t>(record.data.size())));
  }
  if (plan_->has_intake()) return collect(Step::intake, record, std::move(memory));
  if (plan_->has_lambda()) return collect(Step::lambda, record, std::move(memory));
  add(slots_.data(), record.data, delimiter_of(*plan_), record.arrival, std::move(memory));
}

// 2. Buffers open with their first record and are cut by size or by age.

void DeliveryStream::collect(Step step, const IncomingRecord& record, Reservation memory) {
  SourceBuffer& buffer = line(step).buffer;
  if (!buffer.has_room(record)) cut(step);
  if (buffer.empty()) arm(step, env_.clock.now());
  buffer.add(record, std::move(memory), *env_.blocks);
  if (buffer.bytes() >= size_max(step)) cut(step);
}

void DeliveryStream::add(const SlotPtr& slot, std::string_view data, std::string_view delimiter,
                         TimePoint arrival, Reservation memory) {
  ObjectBuffer& buffer = slot->buffer;
  if (buffer.empty()) arm(slot, env_.clock.now());
  buffer.add(data, delimiter, arrival, std::move(memory), *env_.blocks);
  if (buffer.bytes() >= size_max(*slot)) cut(slot);
}

void DeliveryStream::arm(CutTimer& timer, TimePoint opened, Duration wait, WhenDue when_due) {
  const std::uint64_t serial = timer.open(opened, opened + wait);
  auto task = [weak = weak_from_this(), serial, when_due = std::move(when_due)] {
    if (const auto self = weak.lock()) when_due(*self, serial);
  };
  // With no interval the buffer collects only what comes before a thread gets to it.
  if (wait == Duration::zero()) {
    env_.pool.post(std::move(task));
  } else {
    timer.armed_as(env_.clock.at(opened + wait, std::move(task)));
  }
}

void DeliveryStream::arm(Step step, TimePoint opened) {
  arm(line(step).buffer.timer, opened, interval(step),
      [step](DeliveryStream& self, std::uint64_t serial) {
        MutexLock lock(self.mutex_);
        if (self.line(step).buffer.timer.is(serial)) self.cut(step);
      });
}

void DeliveryStream::arm(const SlotPtr& slot, TimePoint opened) {
  arm(slot->buffer.timer, opened, interval(*slot),
      [weak = std::weak_ptr(slot)](DeliveryStream& self, std::uint64_t serial) {
        MutexLock lock(self.mutex_);
        const auto slot_due = weak.lock();
        if (slot_due == nullptr || !slot_due->buffer.timer.is(serial)) return;
        self.cut(slot_due);
        self.slots_.forget_if_inactive(*slot_due);
      });
}

void DeliveryStream::cut(Step step) {
  SourceBuffer& buffer = line(step).buffer;
  if (buffer.empty()) return;
  buffer.timer.close(env_.clock);
  push_job(step, plan_, buffer.take());
}

void DeliveryStream::cut(const SlotPtr& slot) {
  if (slot->buffer.empty()) return;
  slot->buffer.timer.close(env_.clock);
  ObjectContents contents = slot->buffer.take();
  // Records without a byte: the service writes no empty object.
  if (contents.bytes.empty()) {
    if (slot->kind != ObjectKind::backup) counters_.empty_records += contents.records;
    return;
  }
  ++slot->objects_unwritten;
  const PlanPtr& plan = slot->plan != nullptr ? slot->plan : plan_;
  const auto outbox = outbox_of(slot->kind);
  outboxes_[outbox].push(make_object(plan, slot, std::move(contents), env_.random));
  start_writing(outbox);
}

}  // namespace hydrant::delivery
