// Stream: the shards that divide the ring among themselves, and how they change.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/memory_budget.h"
#include "engine/streams/block_pool.h"
#include "engine/streams/capacity.h"
#include "engine/streams/policy.h"
#include "engine/streams/shard.h"
#include "engine/streams/tags.h"
#include "engine/streams/usage.h"

namespace hydrant::streams {

enum class Status { creating, active, updating, deleting };
std::string_view status_name(Status status);  // as StreamStatus spells it

enum class Mode { provisioned, on_demand };

struct StreamId {
  std::string account, region, name;
  auto operator<=>(const StreamId&) const = default;
  std::string arn() const;
};

// The same of texts that lie elsewhere: to look a stream up nothing has to be copied.
struct StreamIdView {
  std::string_view account, region, name;

  StreamIdView(std::string_view account_in, std::string_view region_in, std::string_view name_in)
      : account(account_in), region(region_in), name(name_in) {}
  StreamIdView(const StreamId& id) : StreamIdView(id.account, id.region, id.name) {}
  explicit operator StreamId() const {
    return {std::string(account), std::string(region), std::string(name)};
  }
  auto operator<=>(const StreamIdView&) const = default;
};

// What a stream shares with all others of its registry.
struct StreamEnvironment {
  Clock& clock;
  MemoryBudget& memory;
  ThrottleSettings throttle;
  Clock* real_clock = nullptr;  // paces what goes out to a socket; null: the service clock does
  std::shared_ptr<BlockPool> blocks = std::make_shared<BlockPool>();

  Clock& wire() const { return real_clock != nullptr ? *real_clock : clock; }
};

struct StreamSettings {
  Mode mode = Mode::provisioned;
  std::int32_t retention_hours = 24;
  std::int32_t record_size_max_kib = 1024;
  std::optional<std::string> kms_key_id = {};  // as it was given; none: not encrypted
  std::uint32_t shard_metrics = 0;             // a bit for each that is switched on
  std::int32_t warm_throughput_mibps = 0;      // of an on-demand stream; 0: not asked for
};

class Consumer;
using ConsumerPtr = std::shared_ptr<Consumer>;

struct ConsumerLimits {
  std::size_t consumers_max = 20;  // in whatever status
  std::size_t creating_max = 5;
};
enum class ConsumerRefusal { exists, too_many, too_many_creating };

using ShardList = std::vector<std::shared_ptr<Shard>>;

// The numbers of two shards whose hash ranges adjoin.
struct Neighbours {
  std::int32_t lower, upper;
};

// Thread-safe. The topology lock is shared for data, exclusive for a reshard; a shard's own mutex
// is taken below it, one shard at a time.
class Stream {
 public:
  Stream(StreamId id, const StreamSettings& settings, std::int32_t shard_count,
         const StreamEnvironment& environment);

  const StreamId& id() const { return id_; }
  const std::string& arn() const { return arn_; }
  const StreamEnvironment& environment() const { return environment_; }
  TimePoint created_at() const { return created_at_; }
  Status status() const { return status_.load(); }
  bool readable() const { return status() != Status::creating; }
  bool was_active() const { return was_active_.load(); }
  StreamSettings settings() const;
  std::int64_t record_bytes_max() const { return record_bytes_max_.load(); }
  TimePoint horizon(TimePoint now) const;  // records that arrived before it have aged out

  // Groups the records by shard, then locks each shard once. Placements in the order of the
  // records.
  void append(std::span<const NewRecord> records, std::span<Placement> placements);

  // By id. Closed shards stay until their last record has aged out.
  ShardList shards() const;
  ShardList open_shards() const;                            // in the order of their hash ranges
  std::shared_ptr<Shard> shard(std::int32_t number) const;  // null: none, or aged out
  ShardList children_of(std::int32_t number) const;
  // The creation second of the shard that was opened last. Right after a reshard it is to come.
  std::int64_t newest_shard_s() const;

  // Resharding closes the parents and opens the children in one step, seen by all at once.
  void split(std::int32_t number, HashKey upper_start);
  void merge(std::int32_t lower, std::int32_t upper);

  // Splits those that are open in the middle, all in one step.
  void halve(std::span<const std::int32_t> numbers);
  // Merges the pairs of which both are open, in their order and all in one step.
  void merge_all(std::span<const Neighbours> pairs);

  // `begin` is called, without a lock, when a record comes in while the watch is waiting for it;
  // the watch is armed then. Set before others know the stream.
  void on_traffic(std::function<void()> begin) { on_traffic_ = std::move(begin); }
  TrafficWatch& watch() { return watch_; }

  // Adds its part to the total, and keeps that true as it changes; null: takes it out again.
  void count_in(std::shared_ptr<UsageTotal> total);

  // Its name is free again: whoever still reads it is told.
  void retire();
  bool retired() const { return retired_.load(); }

  // Consumers by name; null if there is none. A stream that is created anew has none of the old
  // one's.
  std::variant<ConsumerPtr, ConsumerRefusal> add_consumer(const std::string& name,
                                                          const ConsumerLimits& limits);
  ConsumerPtr consumer(std::string_view name) const;
  std::vector<ConsumerPtr> consumers() const;  // in the order of their names
  void remove_consumer(const ConsumerPtr& consumer);

  Tags& tags() { return tags_; }
  const Tags& tags() const { return tags_; }
  Policy& policy() { return policy_; }

  // Settings change while the stream is UPDATING; limits of shards follow.
  void change_settings(const std::function<void(StreamSettings&)>& change);

  void set_status(Status status);
  // Only if it has the status `from`: of several that ask at a time one is granted.
  bool change_status(Status from, Status to);
  // Of the timers that trim a stream only the one that was armed last does: each takes a round.
  std::uint32_t begin_trim_round() { return ++trim_round_; }
  std::uint32_t trim_round() const { return trim_round_; }
  std::int64_t trim(TimePoint now);  // what has aged out; bytes given back
  // Of what will age out first: a record, or a closed and empty shard.
  std::optional<TimePoint> oldest_arrival() const;

 private:
  void notice_traffic();
  void split_open(Shard& parent, HashKey upper_start);
  void merge_open(Shard& lower, Shard& upper);
  std::shared_ptr<Shard> open_shard(HashRange range, Shard::Lineage lineage,
                                    std::int64_t created_s);
  void rebuild_routes();
  void become(Status status);
  void recount(Status status);
  ShardList append_all(std::span<const NewRecord> records, std::span<Placement> placements);
  std::shared_ptr<Shard> append_one(std::span<const NewRecord> record, std::span<Placement> placed);
  std::uint32_t route_of(HashKey key) const;
  std::uint32_t bucket_of(HashKey key) const;
  std::shared_ptr<Shard> awaited(Shard& shard) const;
  std::int64_t closing_second(const Shard& shard) const;

  const StreamId id_;
  const std::string arn_;
  const StreamEnvironment environment_;
  const TimePoint created_at_;
  std::atomic<Status> status_{Status::creating};
  std::atomic<bool> was_active_{false};
  std::atomic<bool> retired_{false};
  std::atomic<std::int64_t> record_bytes_max_;
  std::atomic<std::uint32_t> trim_round_{0};
  Tags tags_;
  Policy policy_;
  TrafficWatch watch_;
  std::function<void()> on_traffic_;

  mutable std::shared_mutex topology_;  // guards all below
  StreamSettings settings_;
  std::shared_ptr<UsageTotal> total_;         // null: it does not count
  Usage counted_;                             // its part of the total
  ShardList shards_;                          // by number; null where one has aged out
  std::vector<std::int32_t> first_children_;  // by number of the parent; 0: it has none
  struct Route {
    HashKey last;
    Shard* shard;
  };
  std::vector<Route> routes_;  // open shards by hash range
  // By the first bits of a key: the first of the routes that may be its own. Two buckets a route,
  // and one more for the end.
  std::vector<std::uint32_t> buckets_;
  std::map<std::string, ConsumerPtr, std::less<>> consumers_;
};

}  // namespace hydrant::streams
