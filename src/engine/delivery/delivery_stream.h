// DeliveryStream: records in, objects out. See delivery_stream.cpp for the way a record goes.
#pragma once
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "engine/delivery/buffer.h"
#include "engine/delivery/environment.h"
#include "engine/delivery/flush_call.h"
#include "engine/delivery/job_queue.h"
#include "engine/delivery/object_slot.h"
#include "engine/delivery/outbox.h"
#include "engine/delivery/quota.h"
#include "engine/delivery/s3_object.h"
#include "engine/delivery/settings.h"
#include "engine/delivery/source.h"
#include "engine/delivery/state.h"

namespace hydrant::delivery {

enum class AppendStatus {
  accepted,      // all but the throttled ones
  full,          // none: the memory budget has no room
  not_active,    // none: still CREATING, or deleted
  wrong_source,  // none: it reads a Kinesis stream
};

// The call that records came by, for the metrics of each.
enum class PutCall { record, batch };

struct AppendResult {
  AppendStatus status = AppendStatus::accepted;
  std::vector<std::uint32_t>
      throttled;  // indices refused by the DirectPut quota; they are not kept
};

// Thread-safe. Handlers may append to the delivery stream that is invoking them. Its mutex is held
// for moving data between buffers; never over an invocation, other work on records, a write, a read
// of the source or a log line. Timers and tasks hold it weakly or for as long as they run, so one
// that is closed goes when its last piece of work does.
class DeliveryStream final : public std::enable_shared_from_this<DeliveryStream>,
                             private SourceTarget {
 public:
  DeliveryStream(const DeliveryEnvironment& environment, const DeliveryStreamSettings& settings,
                 std::shared_ptr<void> attachment);

  const DeliveryStreamId& id() const { return id_; }
  const std::string& arn() const { return arn_; }
  SourceType source_type() const { return source_type_; }
  TimePoint created_at() const { return created_at_; }
  // What the service floor keeps with a delivery stream (descriptions, tags, encryption); it lives
  // and dies with it, and nothing here looks at it.
  const std::shared_ptr<void>& attachment() const { return attachment_; }

  DeliveryStatus status() const;
  std::optional<TimePoint> activated_at() const;  // DeliveryStartTimestamp of a source
  std::optional<TimePoint> updated_at() const;    // none before the first update
  std::string version_id() const;                 // "1", rising by update()
  DeliveryStreamSettings settings() const;

  // DirectPut. Records of one call stay together and in order; their arrival is now. Either all are
  // taken that the quota lets pass, or none. The bytes are copied.
  AppendResult append(std::span<const std::string_view> records, PutCall call = PutCall::batch);

  // UpdateDestination: data cut from now on goes by `s3`, under the next version; what waits to be
  // worked on or partitioned goes by what it came under. False, and nothing changed, if
  // `expected_version_id` is not the current one.
  [[nodiscard]] bool update(const std::string& expected_version_id, const S3Settings& s3);

  DeliveryStreamState state() const;

  // For the registry.
  void activate();
  // A flush, see DeliveryRegistry::flush(). begin_flush() takes what is acknowledged now, and holds
  // back the invocations until start_flush(), which every call of it is followed by;
  // finish_flush() waits until what was taken is written.
  std::shared_ptr<FlushCall> begin_flush();
  void start_flush(const std::shared_ptr<FlushCall>& call);
  FlushResult finish_flush(const std::shared_ptr<FlushCall>& call);
  bool drained() const;  // holds nothing, and there is nothing to be read at its source
  // Drops everything, counted as discarded, and cancels the timers. Idempotent.
  void close();

 private:
  using Job = JobQueue::Job;
  // Records that wait for one step of the work on them, and the batches that are at it.
  struct Line {
    Line(SourceType source, std::size_t in_flight_max) : buffer(source), jobs(in_flight_max) {}
    SourceBuffer buffer;
    JobQueue jobs;
  };
  using WhenDue = std::function<void(DeliveryStream&, std::uint64_t serial)>;

  // SourceTarget.
  void take_read(std::span<const streams::Record> records, Reservation memory) override;
  bool holds_nothing() const override;

  // The places of the records that the quota does not let pass, in order.
  std::vector<std::uint32_t> over_quota(std::span<const std::string_view> records, TimePoint now)
      REQUIRES(mutex_);
  void count_put(PutCall call, std::size_t records, std::uint64_t bytes) REQUIRES(mutex_);
  void take(const IncomingRecord& record, Reservation memory) REQUIRES(mutex_);
  void collect(Step step, const IncomingRecord& record, Reservation memory) REQUIRES(mutex_);
  void add(const SlotPtr& slot, std::string_view data, std::string_view delimiter,
           TimePoint arrival, Reservation memory) REQUIRES(mutex_);
  void arm(CutTimer& timer, TimePoint opened, Duration wait, WhenDue when_due) REQUIRES(mutex_);
  void arm(Step step, TimePoint opened) REQUIRES(mutex_);
  void arm(const SlotPtr& slot, TimePoint opened) REQUIRES(mutex_);
  void cut(Step step) REQUIRES(mutex_);
  void cut(const SlotPtr& slot) REQUIRES(mutex_);

  void push_job(Step step, const PlanPtr& plan, SourceBatch batch) REQUIRES(mutex_);
  void start_jobs(Step step) REQUIRES(mutex_);
  bool waits_for_room() REQUIRES(mutex_);
  void resume_intake() REQUIRES(mutex_);
  void put_back_rest(BatchJob& job) REQUIRES(mutex_);
  void post(Job job);
  void take_in(const Job& job);
  void attempt(const Job& job);
  void retry_later(const Job& job) REQUIRES(mutex_);
  void retry_due(const Job& job);
  void finish_job(const Job& job);
  void join_finished(Step step) REQUIRES(mutex_);
  void join(BatchJob& job) REQUIRES(mutex_);
  void hand_to_function(BatchJob& job) REQUIRES(mutex_);
  void join_delivered(BatchJob& job) REQUIRES(mutex_);
  void refuse_partition(const BatchJob& job, const std::vector<std::size_t>& refused)
      REQUIRES(mutex_);
  void join_failed(BatchJob& job) REQUIRES(mutex_);
  void tally(const BatchJob& job) REQUIRES(mutex_);
  void log_events(const Plan& plan, bool of_backup, const std::vector<ErrorEvent>& events)
      EXCLUDES(mutex_);

  void start_writing(std::size_t outbox) REQUIRES(mutex_);
  void write_first(std::size_t outbox);
  void finish_write(std::size_t outbox, const std::shared_ptr<S3Object>& object,
                    const std::optional<std::string>& error, Duration retention);
  void tally_written(const S3Object& object) REQUIRES(mutex_);
  bool failed_write(std::size_t outbox, const std::shared_ptr<S3Object>& object,
                    const std::string& error, Duration retention) REQUIRES(mutex_);
  void pop_object(std::size_t outbox) REQUIRES(mutex_);
  void write_again(std::size_t outbox);
  Duration retention() const;

  void read_and_put_barrier(const std::shared_ptr<FlushCall>& call);
  void pass_intake(const std::shared_ptr<FlushCall>& call) REQUIRES(mutex_);
  void pass_function(FlushCall& call) REQUIRES(mutex_);
  void settle_flushes() REQUIRES(mutex_);
  void fail_flushes(std::size_t outbox, const std::string& error) REQUIRES(mutex_);

  void arm_poll(TimePoint due) REQUIRES(mutex_);
  void poll_source(TimePoint due);

  Line& line(Step step) REQUIRES(mutex_) { return lines_[static_cast<std::size_t>(step)]; }
  const Line& line(Step step) const REQUIRES(mutex_) {
    return lines_[static_cast<std::size_t>(step)];
  }
  std::size_t size_max(Step step) const REQUIRES(mutex_);
  std::size_t size_max(const ObjectSlot& slot) const REQUIRES(mutex_);
  Duration interval(Step step) const REQUIRES(mutex_);
  Duration interval(const ObjectSlot& slot) const REQUIRES(mutex_);
  const S3TargetSettings& target_of(const ObjectSlot& slot) const REQUIRES(mutex_);
  bool empty_handed() const REQUIRES(mutex_);
  void tally_undelivered(DeliveryStreamState& state) const REQUIRES(mutex_);
  void describe_buffers(DeliveryStreamState& state) const REQUIRES(mutex_);
  void reckon_costs(const Plan& plan);
  void arm_anew(TimePoint now) REQUIRES(mutex_);

  const DeliveryEnvironment env_;
  const DeliveryStreamId id_;
  const std::string arn_;
  const SourceType source_type_;
  const TimePoint created_at_;
  const std::shared_ptr<void> attachment_;
  const std::unique_ptr<KinesisSource> reader_;  // null for DirectPut; has its own mutex
  // What a record takes of the memory budget: its data once or, with a backup, twice; and so much
  // beside.
  std::atomic<std::int64_t> copies_{1}, record_overhead_{0};

  mutable Mutex mutex_;
  std::condition_variable_any flushed_;  // a flush is done
  PlanPtr plan_ GUARDED_BY(mutex_);
  DeliveryStatus status_ GUARDED_BY(mutex_) = DeliveryStatus::creating;
  std::optional<TimePoint> activated_at_ GUARDED_BY(mutex_), updated_at_ GUARDED_BY(mutex_);
  DirectPutBuckets quota_ GUARDED_BY(mutex_);
  std::uint64_t last_index_ GUARDED_BY(mutex_) = 0;  // of the numbers made up for DirectPut
  std::optional<Clock::TimerId> poll_timer_ GUARDED_BY(mutex_);

  std::array<Line, 2> lines_ GUARDED_BY(mutex_);  // by Step
  int holds_ GUARDED_BY(mutex_) = 0;              // flushes that have begun and not started
  ObjectSlots slots_ GUARDED_BY(mutex_);
  std::array<Outbox, kOutboxes> outboxes_ GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<FlushCall>> flushes_ GUARDED_BY(mutex_);

  DeliveryCounters counters_ GUARDED_BY(mutex_);
  std::optional<LastError> transform_error_ GUARDED_BY(mutex_), write_error_ GUARDED_BY(mutex_);
  std::deque<LoggedError> error_log_ GUARDED_BY(mutex_);  // the latest
};

}  // namespace hydrant::delivery
