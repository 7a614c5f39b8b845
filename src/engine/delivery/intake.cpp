#include "engine/delivery/intake.h"

#include <algorithm>

#include "engine/delivery/finisher.h"
#include "engine/delivery/process/log_events.h"
#include "engine/delivery/process/split.h"

namespace hydrant::delivery {
namespace {

// What one record of a few hundred KiB may grow to; a bomb is a record that cannot be decompressed.
constexpr std::size_t kDecompressedBytesMax = 64 * 1024 * 1024;
// What the records of a batch may grow to before the rest of it has to wait until that is on its
// way.
constexpr std::size_t kPartBytesMax = 16 * 1024 * 1024;
// Documented: a record that holds more is delivered as it came.
constexpr std::size_t kPiecesMax = 500;

class Intake {
 public:
  Intake(const Plan& plan, const Ending& ending, Outcome& outcome)
      : does_(plan.processing()), outcome_(outcome), finisher_(plan, ending, outcome) {}

  void take(const IncomingRecord& record) {
    std::string_view data = record.data;
    Payload decompressed, lines;
    if (does_.decompression) {
      auto bytes = gunzip(data, kDecompressedBytesMax);
      if (!bytes) return finisher_.fail(Failure::decompression, record.data, record.arrival);
      decompressed = std::move(*bytes);
      data = decompressed.view();
      ++outcome_.decompressed_records;
      outcome_.decompressed_bytes += data.size();
    }
    if (does_.cloud_watch_log_messages) {
      switch (append_log_lines(data, lines)) {
        case SubscriptionMessage::control:
          ++outcome_.control_messages;
          return;
        case SubscriptionMessage::malformed:
          return finisher_.fail(Failure::log_processing, data, record.arrival);
        case SubscriptionMessage::data:
          if (lines.empty()) {  // no log event: there is nothing to deliver, not even a delimiter
            ++outcome_.empty_records;
            return;
          }
          data = lines.view();
      }
    }
    take_apart(record, data);
  }

 private:
  void take_apart(const IncomingRecord& record, std::string_view data) {
    if (!does_.de_aggregation) return hand_on(record, data);
    pieces_.clear();
    if (does_.de_aggregation->type == DeAggregationSettings::Type::delimited) {
      split_delimited(data, does_.de_aggregation->delimiter, pieces_);
    } else if (!split_json(data, pieces_)) {
      return finisher_.fail(Failure::de_aggregation, data, record.arrival);
    }
    if (pieces_.size() > kPiecesMax) return hand_on(record, data);
    if (!pieces_.empty()) outcome_.added_records += pieces_.size() - 1;
    if (pieces_.empty()) ++outcome_.empty_records;
    for (const std::string_view piece : pieces_) hand_on(record, piece);
  }

  void hand_on(const IncomingRecord& record, std::string_view data) {
    if (!does_.lambda) return finisher_.finish(data, record.arrival);
    IncomingRecord next = record;
    next.data = data;
    next.subsequence = next_subsequence(record);
    outcome_.for_lambda.add(next);
  }

  // The ids that a function is given must differ: those of the pieces of one record go up.
  std::uint32_t next_subsequence(const IncomingRecord& record) {
    const auto& before = outcome_.for_lambda.entries;
    if (before.empty() || before.back().number != record.number) return record.subsequence;
    return std::max(record.subsequence, before.back().subsequence + 1);
  }

  const ProcessingSettings& does_;
  Outcome& outcome_;
  Finisher finisher_;
  std::vector<std::string_view> pieces_;
};

// What the outcome has grown by.
void count(Outcome& outcome, MemoryBudget& memory) {
  const auto bytes = static_cast<std::int64_t>(outcome.bytes());
  outcome.memory.absorb(Reservation::force(memory, bytes - outcome.memory.bytes()));
}

}  // namespace

Outcome take_in(const SourceBatch& batch, const Plan& plan, const Ending& ending,
                MemoryBudget& memory, BlockCache& blocks) {
  Outcome outcome;
  Payload& largest = plan.has_lambda() ? outcome.for_lambda.bytes : outcome.delivered.bytes;
  largest = blocks.take(batch.bytes.size() + batch.bytes.size() / 16);
  Intake intake(plan, ending, outcome);
  const bool grows = plan.processing().decompression;
  bool is_full = false;
  for (std::size_t i = 0; i < batch.entries.size() && !is_full; ++i) {
    intake.take(batch.record(i));
    ++outcome.records_in;
    if (!grows) continue;
    count(outcome, memory);
    is_full = outcome.bytes() >= kPartBytesMax || !memory.has_room(1);
  }
  count(outcome, memory);
  return outcome;
}

}  // namespace hydrant::delivery
